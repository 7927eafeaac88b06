// What mends a trouble of defer: for each one action that takes it away and brings no other (test/lsp/troubles.test.ts applies every one).
// A switch of the editor stands where the command line would, so it mends nothing where an environment variable wins: there the shell's line is given.

import type { Problem } from '../dbt/problem.ts'
import { withoutSecrets } from '../dbt/project/secrets.ts'
import type { Snapshot } from '../dbt/snapshot.ts'
import { bare } from './describe.ts'
import type { CodeAction } from './types.ts'

/** Of a command line in a title. */
const MOST_SHOWN = 60

type Argument = string | boolean | null

export function troubleFixes(snapshot: Snapshot, problem: Problem): CodeAction[] {
  const { code, data } = problem
  const text = (key: string): string | null => { const value = data?.[key]; return typeof value === 'string' ? value : null }
  const fix = (title: string, name: string, ...args: Argument[]): CodeAction => ({ title, kind: 'quickfix', preferred: false, edits: [], command: { name, arguments: args }, fixes: [code] })
  const shell = (command: string) => fix(`Copy "${command.replaceAll(/="\$\w+"/g, '=…').replaceAll('"', '')}"`, 'dbtDefer.copyRelation', command)
  const { flags } = snapshot.project

  const deferOff = (): CodeAction => (beatsSwitches(flags.defer.from) ? shell(`unset ${flags.defer.from}`) : fix('Switch defer off', 'dbtDefer.setDefer', false))
  const favorState = (): CodeAction => (beatsSwitches(flags.favorState.from) ? shell(`unset ${flags.favorState.from}; export DBT_FAVOR_STATE="true"`) : fix('Favor the state (--favor-state)', 'dbtDefer.setFavorState', true))
  /** Defer goes with the state: switched on without one it is the next trouble. */
  const noState = (): CodeAction => {
    const given = [flags.state, flags.deferState].flatMap(({ value, from }) => (value !== null && isVariable(from) ? [from] : []))
    const defers = snapshot.deferring.defer
    if (given.length > 0) return shell(`unset ${[...given, ...(defers && isVariable(flags.defer.from) ? [flags.defer.from] : [])].join(' ')}`)
    return defers ? fix('Use no state, and switch defer off', 'dbtDefer.setState', null, null, false) : fix('Use no state', 'dbtDefer.setState', null)
  }
  /** What brings the right manifest mends best; the setting says how, and the title what would be run. */
  const pull = (): CodeAction[] => {
    const { statePull } = snapshot
    if (statePull === null || flags.state.value === null && flags.deferState.value === null) return []
    const shown = withoutSecrets(statePull, snapshot.project.env).replaceAll(/\s+/g, ' ')
    return [fix(`Fetch the state: ${shown.length > MOST_SHOWN ? `${shown.slice(0, MOST_SHOWN)}…` : shown}`, 'dbtDefer.pullState', snapshot.project.root.root)]
  }
  const build = (command: string, selection: string | null, shown: string | null): CodeAction[] => (selection !== null && shown !== null ? [fix(`Build '${shown}' with dbt`, 'dbtDefer.run', command, selection)] : [])

  switch (code) {
    case 'prod-missing': return build('build', text('selection'), text('selection'))
    case 'dev-outdated': case 'prod-relation-missing': case 'prod-stale': return build('run', text('unique_id'), text('model'))
    case 'prod-unreachable': case 'defer-without-state': return [deferOff()]
    case 'dev-shadows-prod': {
      const relation = text('relation')
      const type = text('type') ?? 'table'
      const drop = (name: string): CodeAction => ({ ...fix(`Copy "drop ${type} ${bare(name)}"`, 'dbtDefer.copyRelation', `drop ${type} if exists ${name};`), kind: 'dbt' })
      return [favorState(), ...(relation === null ? [] : [drop(relation)])]
    }
    case 'state-missing': case 'state-unreadable': case 'state-version': case 'state-is-target-path': case 'state-same-target': case 'state-wrong-project': case 'state-empty': case 'state-wrong-adapter': return [...pull(), noState()]
    case 'state-is-file': {
      const directory = text('directory')
      const from = flags.deferState.value === null ? flags.state.from : flags.deferState.from
      if (directory === null) return [noState()]
      if (beatsSwitches(from)) return [shell(`export DBT_STATE="${directory}"; unset ${from}`)]
      return [flags.deferState.value === null ? fix(`Use the directory ${directory}`, 'dbtDefer.setState', directory) : fix(`Use the directory ${directory}`, 'dbtDefer.setState', flags.state.value, directory)]
    }
    case 'state-swapped': {
      const [state, deferState] = [text('state'), text('defer_state')]
      return state !== null && deferState !== null ? [fix('Swap state and defer-state', 'dbtDefer.setState', deferState, state)] : []
    }
    case 'state-ahead': { const base = text('base'); return base === null ? [] : [shell(`git merge ${base}`)] }
    // The next manifest comes from elsewhere; this reads it where nothing watches the directory.
    case 'state-stale': case 'state-behind': case 'source-stale': return [...pull(), fix('Read the state again', 'dbtDefer.refresh')]
    case 'target-not-found': return targetNames(snapshot).map((name) => fix(`Use target ${name}`, 'dbtDefer.setTarget', name))
    case 'flag-unknown': case 'flag-deprecated': {
      const [name, meant] = [text('name'), text('suggestion')]
      return name !== null && meant !== null ? [shell(`export ${meant}="$${name}"; unset ${name}`)] : []
    }
    default: return []
  }
}

/** Those of the profile, also when another is asked for. */
export function targetNames({ project }: Snapshot): readonly string[] {
  const others: unknown = project.problems.find((each) => each.code === 'target-not-found')?.data?.['targets']
  return project.target?.names ?? (Array.isArray(others) ? others.map(String) : [])
}

/** Deprecated names beat the command line in dbt 1, and so every switch. */
function beatsSwitches(from: string): boolean {
  return from === 'DBT_DEFER_TO_STATE' || from === 'DBT_FAVOR_STATE_MODE' || from === 'DBT_ARTIFACT_STATE_PATH'
}

function isVariable(from: string): boolean { return from.startsWith('DBT_') }
