// `doctor`: checks the set-up step by step and says how to mend what is wrong. Never prints a secret: only names, paths and counts.

import { allDiagnostics, projectProblems } from '../ide/diagnostics.ts'
import { warmthOf } from '../dbt/assemble.ts'
import type { Problem } from '../dbt/problem.ts'
import type { Snapshot } from '../dbt/snapshot.ts'
import { DEFAULTS, layerSettings } from '../ide/settings.ts'
import { styled, type Io } from './io.ts'
import type { Opened } from './open.ts'

interface Step { readonly name: string; readonly state: 'fine' | 'note' | 'wrong'; readonly text: string; readonly mend: string }

export async function doctor(opened: Opened, io: Io): Promise<number> {
  const steps = [...stepsOf(opened), await sqlStep(opened), ...troubles(opened.snapshot)]
  for (const step of steps) {
    const mark = step.state === 'fine' ? styled(io, 'green', 'ok   ') : step.state === 'note' ? styled(io, 'yellow', 'note ') : styled(io, 'red', 'wrong')
    io.out(`${mark} ${step.name}: ${step.text}${step.mend ? `\n        ${step.mend}` : ''}\n`)
  }
  return steps.some((step) => step.state === 'wrong') ? 1 : 0
}

function stepsOf(opened: Opened): readonly Step[] {
  const { snapshot, inputs } = opened
  const { project, manifest, deferring, evidence } = snapshot
  const problems = projectProblems(snapshot)
  const withCode = (...codes: string[]) => problems.filter((each) => codes.includes(each.code))
  const step = (name: string, text: string, wrong: readonly Problem[], mend = ''): Step => {
    const first = wrong[0]
    return first ? { name, state: first.severity === 'error' ? 'wrong' : 'note', text: first.message.split('\n')[0] ?? '', mend } : { name, state: 'fine', text, mend: '' }
  }
  const { flags } = project
  const missing = problems.filter((each) => each.code === 'package-not-installed')
  const nodes = [...manifest.nodes.values()]
  const inexact = nodes.filter((node) => node.unknown.length > 0).length
  const broken = nodes.filter((node) => node.problems.some((each) => each.severity === 'error')).length
  const listing = snapshot.listing
  return [
    step('project', `${project.root.name} in ${project.root.root}`, withCode('project-invalid', 'project-not-found'), 'mend dbt_project.yml'),
    step('rules', `dbt ${project.rules.name}, from ${project.rules.chosenBy}${inputs.installedDbt ? `; dbt ${inputs.installedDbt} is installed` : ''}`, []),
    step('profile', project.target ? `${project.target.profileName} in ${project.profilesPath ?? '?'}` : 'none', withCode('profile-not-found', 'profile-invalid'), 'create profiles.yml, or name its directory with --profiles-dir'),
    step('target', project.target ? `${project.target.name} (${project.target.type}), ${[project.target.database, project.target.schema].filter(Boolean).join('.')}` : 'none', withCode('target-not-found'), 'choose one with --target'),
    step('packages', `${project.packages.size - 1} installed in ${project.packagesInstallPath}`, missing, 'run dbt deps'),
    { name: "dbt's own macros", state: inputs.internal ? 'fine' : 'note', text: inputs.internal?.source ?? 'not found: what needs them is unknown', mend: inputs.internal ? '' : 'run dbt parse once, or give a state directory: both bring them' },
    { name: 'nodes', state: broken > 0 ? 'wrong' : inexact > 0 ? 'note' : 'fine', text: `${nodes.length} nodes, ${manifest.sources.size} sources, ${[...manifest.macros.values()].length} macros${broken > 0 ? `; ${broken} with errors` : ''}${inexact > 0 ? `; ${inexact} partly unknown` : ''}`, mend: broken > 0 ? 'dbt-defer-ls check lists the errors' : '' },
    step('environment', 'no variable of dbt is misspelled or deprecated', withCode('flag-unknown', 'flag-deprecated', 'flag-without-effect', 'flag-invalid'), 'rename or unset it'),
    step('state', deferring.state ? `${deferring.state.info.path}, ${deferring.state.nodes.size} nodes` : flags.state.value === null && flags.deferState.value === null ? 'none' : 'not read', withCode('state-missing', 'state-is-file', 'state-unreadable', 'state-version', 'state-is-target-path', 'state-same-target', 'state-stale', 'state-wrong-project', 'state-empty', 'state-wrong-adapter', 'state-swapped'), 'dbt-defer-ls state status says more'),
    step('branch', evidence.git === null ? 'no git, or nothing to compare the state with' : `${evidence.git.branch ?? 'no branch'} left ${evidence.git.base} at ${evidence.git.mergeBase.commit.slice(0, 9)} (${evidence.git.mergeBase.date})`, withCode('state-behind', 'state-ahead'), 'fetch a state of that commit, or merge the base'),
    step('defer', `${deferring.defer ? 'on' : 'off'} (${opened.saidBy(flags.defer.from)}), favor-state ${deferring.favorState ? 'on' : 'off'} (${opened.saidBy(flags.favorState.from)})`, withCode('defer-without-state', 'flag-invalid'), 'give --state, or switch defer off'),
    withCode('exists-unreadable').length > 0 ? step('what exists', '', withCode('exists-unreadable'), 'give --exists none, all or a file') : { name: 'what exists', state: listing.kind === 'unknown' ? 'note' : 'fine', text: listing.kind === 'unknown' ? 'not known: refs that hang on it are shown with both candidates' : `${listing.kind === 'list' ? `${listing.relations.size} relations` : listing.kind} from ${listing.evidence}${listing.as_of ? `, ${listing.as_of}` : ''}`, mend: listing.kind === 'unknown' ? 'give --exists none, all or a file' : '' },
    cacheStep(opened),
  ]
}

function cacheStep({ snapshot, host, unusable }: Opened): Step {
  const { directory, off } = host.facts
  const name = 'facts of earlier starts'
  if (directory === null) return { name, state: 'note', text: `not kept: ${off ?? 'no directory'}`, mend: '' }
  if (unusable !== null) return { name, state: 'note', text: unusable, mend: '' }
  const warmth = warmthOf(snapshot)
  if (warmth === null) return { name, state: 'fine', text: `none yet in ${directory}`, mend: '' }
  const text = warmth.kind === 'none' ? `everything was evaluated again: ${warmth.why ?? ''}` : warmth.kind === 'whole' ? 'used, nothing changed' : `used, ${warmth.changed} files were evaluated again`
  return { name, state: 'fine', text: `${text} (${directory})`, mend: '' }
}

/** Without the optional parser nothing is wrong; one that is there and does not work is worth a word. */
async function sqlStep({ root, host }: Opened): Promise<Step> {
  const name = 'SQL parser'
  if (!layerSettings(DEFAULTS, host.projectSettings(root).data).settings.sqlSyntax) return { name, state: 'fine', text: 'switched off (sqlSyntax)', mend: '' }
  const parser = await host.sqlParser()
  switch (parser.kind) {
    case 'works': return { name, state: 'fine', text: '@polyglot-sql/sdk: compiled SQL is parsed', mend: '' }
    case 'absent': return { name, state: 'fine', text: 'not installed: compiled SQL is not parsed', mend: '' }
    case 'broken': return { name, state: 'note', text: `@polyglot-sql/sdk is installed and cannot be used: ${parser.why.split('\n')[0] ?? ''}`, mend: 'install it again beside the server, or set sqlSyntax: false' }
  }
}

const TROUBLES: readonly { readonly code: string; readonly what: string; readonly mend: string }[] = [
  { code: 'prod-missing', what: 'refs to models that the state has not', mend: 'build them first; check names the selection' },
  { code: 'dev-shadows-prod', what: 'refs that read a leftover of the current target', mend: 'drop it, or --favor-state' },
  { code: 'dev-outdated', what: 'refs that read a relation older than its model', mend: 'build the models again' },
  { code: 'prod-relation-missing', what: "refs to production relations that are not there", mend: 'build them in production, or here' },
  { code: 'prod-unreachable', what: 'refs to a database that this target cannot read', mend: 'attach it in profiles.yml' },
  { code: 'prod-stale', what: 'refs to models that the last production run did not build', mend: 'look at that run' },
  { code: 'source-stale', what: "sources that production's freshness check complained of", mend: 'load them' },
]

/** One line for each kind of trouble that stands at a ref. */
function troubles(snapshot: Snapshot): Step[] {
  const all = [...allDiagnostics(snapshot).values()].flat()
  return TROUBLES.flatMap(({ code, what, mend }) => {
    const found = all.filter((each) => each.code === code)
    return found.length === 0 ? [] : [{ name: code, state: found.some((each) => each.severity === 'error') ? 'wrong' as const : 'note' as const, text: `${found.length} ${what}, the first in ${found[0]?.place.path ?? ''}`, mend }]
  })
}
