// Which resource types each dbt command works on: the last filter of a selection, and with it dbt's SELECTED_RESOURCES, which --favor-state asks.
// Data only; from dbt-core 1.12 task/*.py.

/** EXECUTABLE_NODE_TYPES (node_types.py). */
const EXECUTABLE = ['model', 'test', 'snapshot', 'analysis', 'operation', 'seed', 'doc', 'rpc', 'sql_operation', 'function']
const REFABLE = ['model', 'seed', 'snapshot']
const BUILD = ['model', 'snapshot', 'seed', 'test', 'unit_test', 'saved_query', 'exposure', 'function']
const LS = ['model', 'snapshot', 'seed', 'test', 'source', 'exposure', 'metric', 'saved_query', 'semantic_model', 'unit_test', 'function']

interface CommandTypes {
  readonly default: readonly string[]
  readonly all: readonly string[]
  /** Whether --resource-type and --exclude-resource-type count at all, and which types they may leave. */
  readonly option: 'free' | 'none' | readonly string[]
}

const COMMANDS = {
  ls: { default: LS, all: [...LS, 'analysis'], option: 'free' },
  build: { default: BUILD, all: BUILD, option: 'free' },
  test: { default: ['test', 'unit_test'], all: ['test', 'unit_test'], option: ['test', 'unit_test'] },
  clone: { default: REFABLE, all: REFABLE, option: REFABLE },
  run: { default: ['model'], all: ['model'], option: 'none' },
  seed: { default: ['seed'], all: ['seed'], option: 'none' },
  snapshot: { default: ['snapshot'], all: ['snapshot'], option: 'none' },
  compile: { default: EXECUTABLE, all: EXECUTABLE, option: 'none' },
  'docs generate': { default: EXECUTABLE, all: EXECUTABLE, option: 'none' },
  show: { default: EXECUTABLE, all: EXECUTABLE, option: 'none' },
  /** compile/show --inline: the inline node alone. */
  inline: { default: ['sql_operation'], all: ['sql_operation'], option: 'none' },
} as const satisfies { readonly [command: string]: CommandTypes }

export type DbtCommand = keyof typeof COMMANDS
export const DBT_COMMANDS = Object.keys(COMMANDS) as readonly DbtCommand[]

/** task/base.py resource_types_from_args. `all` and `default` are words of --resource-type. */
export function commandTypes(command: DbtCommand, include: readonly string[], exclude: readonly string[]): ReadonlySet<string> {
  const types: CommandTypes = COMMANDS[command]
  if (types.option === 'none') return new Set(types.default)
  const chosen = new Set(include.length === 0 ? types.default : include.flatMap((name) => (name === 'all' ? types.all : name === 'default' ? types.default : [name])))
  for (const name of exclude) chosen.delete(name)
  const { option } = types
  return typeof option === 'string' ? chosen : new Set(Array.from(chosen).filter((name) => option.includes(name)))
}
