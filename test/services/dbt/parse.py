"""Has dbt read projects: parse.py TARGET FOLDER... Prints one JSON object a line for each: what is wrong with it, warnings and deprecations included."""

import json
import sys
import tempfile

from dbt.cli.main import dbtRunner


def main():
    target, *folders = sys.argv[1:]
    for folder in folders:
        said = []
        with tempfile.TemporaryDirectory() as output:
            result = dbtRunner(callbacks=[lambda event: said.append(event)]).invoke(
                [
                    "--quiet",
                    "--no-partial-parse",
                    "--no-version-check",
                    "--no-send-anonymous-usage-stats",
                    "--show-all-deprecations",
                    "parse",
                    *("--project-dir", folder, "--profiles-dir", folder),
                    *("--target", target, "--target-path", output, "--log-path", output),
                ]
            )
        warned = [event.info.msg for event in said if event.info.level in ("warn", "error")]
        problems = warned + ([] if result.success else [str(result.exception)])
        # that a version is old is no fault of the project's
        print(json.dumps([text for text in problems if "no longer receives regular patches" not in text]), flush=True)


if __name__ == "__main__":
    main()
