"""Hands native tasks of generated DAGs to the command line of Spindle. An experiment, for Airflow 3.3 alone: the base class is private there."""

import os

import attrs
from airflow.sdk.coordinators._subprocess import SubprocessCoordinator


@attrs.define(kw_only=True)
class SpindleCoordinator(SubprocessCoordinator):
    """One project: its folder, and in it the command line and the generated file that says what each task does."""

    project: str = attrs.field(factory=lambda: os.environ["SPINDLE_PROJECT_DIR"])
    command: str = "./node_modules/.bin/spindle"
    tasks: str = "airflow/native-tasks.json"

    def _build_execute_task_command(self, *, what):
        command = [
            os.path.normpath(os.path.join(self.project, self.command)),
            "airflow-task",
            f"--project={self.project}",
            f"--tasks={self.tasks}",
        ]
        # The version of the messages, which is the only one of Airflow 3.3.
        return command, "2026-06-16"
