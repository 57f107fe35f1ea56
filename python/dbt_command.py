"""dbt's command line, in whichever Python runs this file."""

from dbt.cli.main import cli

if __name__ == "__main__":  # dbt starts helper processes that import this file again
    cli(prog_name="dbt")
