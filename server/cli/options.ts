// The command line as data: every option with its meaning, and the parser that turns argv into values.
// dbt's options keep dbt's names. An unknown command, option or value is a usage error, never ignored.

export interface OptionSpec {
  readonly name: string
  readonly short?: string
  /** Other spellings that dbt takes, with their dashes. */
  readonly also?: readonly string[]
  readonly value: 'none' | 'one' | 'many' | 'no-able'
  readonly choices?: readonly string[]
  readonly help: string
  /** Commands that take it; absent: all. */
  readonly commands?: readonly string[]
}

export type CommandName = 'check' | 'resolve' | 'ls' | 'compile' | 'plan' | 'explain' | 'state' | 'doctor' | 'inspect'

export const COMMANDS: readonly { readonly name: CommandName; readonly rest: string; readonly help: string }[] = [
  { name: 'check', rest: '[PATH…]', help: 'every diagnostic of the project, or of the given paths' },
  { name: 'resolve', rest: '[PATH…]', help: 'every ref(), source() and function(), and the relation it reads' },
  { name: 'ls', rest: '', help: 'the selected nodes, as dbt ls prints them' },
  { name: 'compile', rest: '', help: 'the compiled SQL of the selection' },
  { name: 'plan', rest: '', help: 'what a run of the selection would build, read and miss' },
  { name: 'explain', rest: 'FILE:LINE:COLUMN | UNIQUE_ID', help: 'the whole chain of facts behind one answer, in words' },
  { name: 'state', rest: 'status | pull', help: 'which state is in use, how old it is, what is wrong with it; fetch it now' },
  { name: 'doctor', rest: '', help: 'checks the set-up step by step and says how to mend what is wrong' },
  { name: 'inspect', rest: 'FILE', help: 'tokens, tree and literal facts of a template, for those who work on this program' },
]

export const LS_OUTPUTS = ['selector', 'name', 'path', 'json'] as const

const SELECTING = ['ls', 'compile', 'plan', 'resolve', 'check', 'explain', 'doctor', 'state']

const OPTIONS: readonly OptionSpec[] = [
  { name: 'project-dir', value: 'one', help: 'directory of dbt_project.yml (default: here or the nearest above)' },
  { name: 'profiles-dir', value: 'one', help: 'directory of profiles.yml' },
  { name: 'profile', value: 'one', help: 'profile to use' },
  { name: 'target', short: 't', value: 'one', help: 'target of the profile' },
  { name: 'vars', value: 'one', help: 'variables, as YAML' },
  { name: 'target-path', value: 'one', help: "dbt's target path" },
  { name: 'state', value: 'one', help: 'directory of the production manifest.json' },
  { name: 'defer', value: 'no-able', help: 'refs to what is missing here go to the state' },
  { name: 'favor-state', value: 'no-able', help: 'refs go to the state even if the relation exists here' },
  { name: 'defer-state', value: 'one', help: 'another state directory, for deferral alone' },
  { name: 'models', short: 'm', also: ['--model'], value: 'many', help: 'as --select, models alone', commands: ['ls'] },
  { name: 'select', short: 's', also: ['-m', '--models', '--model'], value: 'many', help: "dbt's selection syntax" },
  { name: 'exclude', value: 'many', help: 'what to leave out of the selection' },
  { name: 'selector', value: 'one', help: 'a selector of selectors.yml' },
  { name: 'indirect-selection', value: 'one', choices: ['eager', 'cautious', 'buildable', 'empty'], help: 'which tests come with the selected nodes' },
  { name: 'resource-type', also: ['--resource-types'], value: 'many', help: 'only these resource types' },
  { name: 'exclude-resource-type', also: ['--exclude-resource-types'], value: 'many', help: 'not these resource types' },
  { name: 'output', value: 'one', choices: ['text', 'jsonl', 'sarif', 'github', 'gitlab', 'markdown'], help: 'form of the output', commands: ['check'] },
  { name: 'output', value: 'one', choices: ['text', 'jsonl'], help: 'form of the output', commands: ['resolve', 'compile'] },
  { name: 'output', value: 'one', choices: ['text', 'json', 'markdown'], help: 'form of the output', commands: ['plan'] },
  { name: 'output', value: 'one', choices: LS_OUTPUTS, help: 'form of the output', commands: ['ls'] },
  { name: 'output-keys', value: 'many', help: 'keys of --output json, separated by blanks or commas', commands: ['ls'] },
  { name: 'full-refresh', short: 'f', value: 'no-able', help: 'as in dbt', commands: ['compile', 'plan'] },
  { name: 'empty', value: 'no-able', help: 'refs and sources limited to no rows', commands: ['compile', 'resolve'] },
  { name: 'inline', value: 'one', help: 'SQL to compile instead of a selection', commands: ['compile', 'resolve'] },
  { name: 'sample', value: 'one', help: "as dbt run --sample: '3 days' or '{start: 2024-01-01, end: 2024-02-01}'", commands: ['compile'] },
  { name: 'event-time-start', value: 'one', help: 'as dbt run: microbatch models batch by batch, from here', commands: ['compile'] },
  { name: 'event-time-end', value: 'one', help: 'to here', commands: ['compile'] },
  { name: 'inject-ephemeral-ctes', value: 'no-able', help: 'as in dbt compile', commands: ['compile'] },
  { name: 'introspect', value: 'no-able', help: 'as in dbt: what flags.INTROSPECT says', commands: ['compile'] },
  { name: 'static-parser', value: 'no-able', help: 'as in dbt', commands: ['compile', 'ls', 'resolve', 'check'] },
  { name: 'write', value: 'none', help: 'write into the target path as dbt lays it out', commands: ['compile'] },
  { name: 'disabled', value: 'none', help: 'disabled nodes too', commands: ['ls'] },
  { name: 'exact', value: 'none', help: "--output json as dbt prints it, without our keys", commands: ['ls'] },
  { name: 'command', value: 'one', choices: ['run', 'build', 'test', 'seed', 'snapshot', 'compile'], help: 'the dbt command that is meant, if not run (plan) or compile (compile)', commands: ['plan', 'compile'] },
  { name: 'against', value: 'many', help: 'what if: defer, no-defer, favor-state, no-favor-state, state=DIR, drop=NAME, add=SELECTION', commands: ['plan'] },
  { name: 'rules', value: 'one', choices: ['auto', '1.7', '1.8', '1.9', '1.10', '1.11', '1.12', '2'], help: "which dbt's rules to follow" },
  { name: 'exists', value: 'one', help: 'auto, none, all or a JSON file: what exists in the current target' },
  { name: 'fail-on', value: 'one', choices: ['error', 'warning', 'information', 'never'], help: 'from which severity on the exit code is 1 (of a plan: error is certainly missing, warning perhaps)', commands: ['check', 'plan'] },
].map((option) => ({ ...option }) as OptionSpec).map((option) => (option.commands || !['select', 'exclude', 'selector', 'indirect-selection', 'resource-type', 'exclude-resource-type'].includes(option.name) ? option : { ...option, commands: SELECTING }))

export interface Parsed {
  readonly command: CommandName
  readonly rest: readonly string[]
  readonly values: ReadonlyMap<string, string>
  readonly lists: ReadonlyMap<string, readonly string[]>
  /** Options without a value and `--x/--no-x` pairs: true or false. */
  readonly switches: ReadonlyMap<string, boolean>
}

export type ParseResult = { readonly kind: 'ok'; readonly parsed: Parsed } | { readonly kind: 'usage'; readonly message: string }

/** Parses argv without the program's name. Option values follow as the next word or after `=`; `many` options take words up to the next option, as dbt's do. */
export function parseArguments(argv: readonly string[]): ParseResult {
  const commandAt = argv.findIndex((word) => !word.startsWith('-'))
  const word = argv[commandAt]
  if (commandAt !== 0 || word === undefined) return usage(word === undefined ? 'no command given' : `options come after the command: ${argv[0] ?? ''}`)
  const command = COMMANDS.find((each) => each.name === word)
  if (!command) return usage(`no such command: ${word}${nearest(word, COMMANDS.map((each) => each.name))}`)

  const values = new Map<string, string>()
  const lists = new Map<string, string[]>()
  const switches = new Map<string, boolean>()
  const rest: string[] = []
  for (let at = 1; at < argv.length; at++) {
    const text = argv[at] ?? ''
    if (text === '--') { rest.push(...argv.slice(at + 1)); break }
    if (!text.startsWith('-') || text === '-') { rest.push(text); continue }
    const equals = text.startsWith('--') ? text.indexOf('=') : -1
    const flag = equals < 0 ? text : text.slice(0, equals)
    const inline = equals < 0 ? null : text.slice(equals + 1)
    const found = findOption(flag, command.name)
    if (!found) return usage(`no such option for ${command.name}: ${flag}${nearest(flag, OPTIONS.filter((each) => !each.commands || each.commands.includes(command.name)).map((each) => `--${each.name}`))}`)
    const { option, negated } = found
    if (option.value === 'none' || option.value === 'no-able') {
      if (inline !== null) return usage(`${flag} takes no value`)
      switches.set(option.name, !negated)
      continue
    }
    if (option.value === 'one') {
      const value = inline ?? argv[++at]
      if (value === undefined) return usage(`${flag} needs a value`)
      if (option.choices && !option.choices.includes(value)) return usage(`${flag} must be one of ${option.choices.join(', ')}, not ${value}`)
      values.set(option.name, value)
      continue
    }
    const words = inline === null ? [] : [inline]
    while (inline === null && at + 1 < argv.length && !(argv[at + 1] ?? '').startsWith('-')) words.push(argv[++at] ?? '')
    if (words.length === 0) return usage(`${flag} needs a value`)
    lists.set(option.name, [...(lists.get(option.name) ?? []), ...words])
  }
  return { kind: 'ok', parsed: { command: command.name, rest, values, lists, switches } }
}

/** Of one command, or of all. */
export function helpText(version: string, word?: string): string {
  const one = COMMANDS.find((each) => each.name === word)
  return [
    `dbt-defer-ls ${version}: which relation every dbt ref() reads, and why`,
    '',
    ...one
      ? [`usage: ${`dbt-defer-ls ${one.name} ${one.rest}`.trimEnd()} [OPTIONS]`, `       ${one.help}`]
      : ['usage: dbt-defer-ls --stdio | --socket=N | --node-ipc     the language server', '       dbt-defer-ls COMMAND [OPTIONS]', '', 'commands:', ...COMMANDS.map((command) => line(`${command.name} ${command.rest}`, command.help))],
    '',
    'options:',
    ...OPTIONS.filter((option) => !one || !option.commands || option.commands.includes(one.name)).map((option) => optionLine(option, !one)),
    '',
    'exit: 0 fine, 1 findings at or above --fail-on, 2 wrong usage or an unreadable project',
    '',
  ].join('\n')
}

const WIDTH = 32

/** What is too long for its column stands above it. */
function line(left: string, right: string): string {
  return left.length < WIDTH ? `  ${left.padEnd(WIDTH)}${right}` : `  ${left}\n${' '.repeat(WIDTH + 2)}${right}`
}

function optionLine(option: OptionSpec, ofAll: boolean): string {
  const name = option.value === 'no-able' ? `--${option.name}/--no-${option.name}` : `--${option.name}`
  const commands = ofAll && option.commands && option.commands !== SELECTING ? ` (${option.commands.join(', ')})` : ''
  return line(`${option.short ? `-${option.short}, ` : ''}${name}`, `${option.help}${option.choices ? `: ${option.choices.join(', ')}` : ''}${commands}`)
}

function findOption(flag: string, command: string): { option: OptionSpec; negated: boolean } | null {
  for (const option of OPTIONS) {
    if (option.commands && !option.commands.includes(command)) continue
    if (flag === `--${option.name}` || (option.short && flag === `-${option.short}`) || option.also?.includes(flag)) return { option, negated: false }
    if (option.value === 'no-able' && flag === `--no-${option.name}`) return { option, negated: true }
  }
  return null
}

function usage(message: string): ParseResult {
  return { kind: 'usage', message }
}

function nearest(word: string, known: readonly string[]): string {
  const start = known.find((each) => each.replace(/^--/, '').startsWith(word.replace(/^-+/, '').slice(0, 3)))
  return start && start !== word ? ` (did you mean ${start}?)` : ''
}
