import { shellWord } from '../../../runtime/shell-word.ts';
import type { Expression } from '../../python/ast.ts';
import { attribute, binary, bool, call, imported, importedModule, list, name, num, str } from '../../python/build.ts';
import { jinjaLiteral } from '../../jinja-literal.ts';
import type { DagModel } from '../model.ts';
import { plain } from '../name.ts';
import type { ExportSettings } from '../settings.ts';
import type { AirflowNames } from './names.ts';
import { stubParts } from './native-stub.ts';
import type { OperatorParts } from './operator-parts.ts';

/** The exit code of a task that had nothing to do. */
const NOTHING_TO_DO = 99;

const ENV = 'TASK_ENVIRONMENT';

export function operatorParts(
  dag: DagModel,
  { settings, names, environment }: { readonly settings: ExportSettings; readonly names: AirflowNames; readonly environment: Expression },
): OperatorParts {
  if (settings.nativeTasks) return stubParts(dag);
  const env = {
    name: ENV,
    value: environment,
    comment: 'What a task tells Spindle of its run. Values travel by the environment: none becomes a part of a command.',
  };
  switch (settings.operator) {
    case 'bash': {
      const project = '${SPINDLE_PROJECT_DIR:?is to name the folder of the project where tasks run}';
      return {
        operator: names.bashOperator,
        constants: [
          {
            name: 'SPINDLE',
            value: str(jinjaLiteral(`cd "${project}" && exec ${shellWord(settings.command)} `)),
            comment: 'The command line of Spindle. SPINDLE_PROJECT_DIR is set where tasks run, and so is what the drivers need.',
          },
          env,
        ],
        defaults: {
          env: name(ENV),
          append_env: bool(true),
          skip_on_exit_code: num(NOTHING_TO_DO),
          output_processor: settings.target === '3.3' ? attribute(importedModule('json'), 'loads') : undefined,
        },
        // The space: what ends in `.sh` would be read as the name of a file.
        own: (args) => ({ bash_command: binary('+', [name('SPINDLE'), str(jinjaLiteral(`${args.map(shellArgument).join(' ')} `))]) }),
      };
    }
    case 'docker':
      return {
        operator: imported('airflow.providers.docker.operators.docker', 'DockerOperator'),
        constants: [env],
        defaults: {
          image: imageOf(settings),
          environment: name(ENV),
          // The drivers' variables, as lines NAME=value: kept as an Airflow variable, which may be a secret.
          env_file: str("{{ var.value.get('spindle_environment', '') }}"),
          auto_remove: str('success'),
          mount_tmp_dir: bool(false),
          skip_on_exit_code: num(NOTHING_TO_DO),
        },
        own: (args) => ({ command: list(args.map((arg) => str(jinjaLiteral(arg)))) }),
      };
    case 'kubernetes': {
      const secret = call(imported('kubernetes.client.models', 'V1SecretEnvSource'), [], {
        name: str(secretName(dag)),
        optional: bool(true),
      });
      return {
        operator: imported('airflow.providers.cncf.kubernetes.operators.pod', 'KubernetesPodOperator'),
        constants: [env],
        defaults: {
          image: imageOf(settings),
          env_vars: name(ENV),
          env_from: list([call(imported('kubernetes.client.models', 'V1EnvFromSource'), [], { secret_ref: secret })]),
          do_xcom_push: bool(true),
          on_finish_action: str('delete_succeeded_pod'),
          skip_on_exit_code: num(NOTHING_TO_DO),
        },
        own: (args) => ({ arguments: list(args.map((arg) => str(jinjaLiteral(kubernetesLiteral(arg))))) }),
      };
    }
  }
}

/** Kubernetes puts variables into arguments and variables: `$(NAME)`. Doubled, a dollar stands for itself. */
export const kubernetesLiteral = (text: string): string => text.replaceAll('$', () => '$$');

/** The settings allow no quotes or braces in it. */
const imageOf = ({ image }: ExportSettings): Expression => str(`{{ var.value.get('spindle_image', '${image}') }}`);

/** The Kubernetes secret with the drivers' variables: `spindle-` and the project. */
const secretName = ({ owner }: DagModel): string => {
  const name = plain(owner)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 200)
    .replaceAll(/^-+|-+$/g, '');
  return `spindle-${name || 'project'}`;
};

/** Of an option, the value alone is quoted. */
function shellArgument(argument: string): string {
  const [option = ''] = /^--[a-z-]+=/.exec(argument) ?? [];
  return option + shellWord(argument.slice(option.length));
}
