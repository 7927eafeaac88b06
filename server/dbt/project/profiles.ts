// profiles.yml: where it is, which profile, which target, and what Jinja's `target` shows of it (config/profile.py, each adapter's credentials class).
// Passwords, tokens and keys are never kept; secret variables are stars.

import { reprOf, strOf } from '../../jinja/repr.ts'
import { PyDict, type Value } from '../../jinja/value.ts'
import { parseYaml } from '../../yaml/parse.ts'
import type { YamlNode } from '../../yaml/nodes.ts'
import { adapterOf } from '../adapters/adapters.ts'
import type { Adapter } from '../adapters/types.ts'
import type { Disk, Surroundings } from '../ports.ts'
import type { Problem } from '../problem.ts'
import type { Rules } from '../rules/rules.ts'
import { describe, Refusal } from './credentials.ts'
import type { ConfigContext } from './config-context.ts'
import type { Flags } from './flags.ts'
import { absolutePath } from './flags.ts'
import { renderNode, renderScalar, type Rendering } from './render.ts'
import type { Target } from './types.ts'
import { textEntries, valueOf, yamlValue } from './yaml-values.ts'

export interface ProfileInput {
  readonly flags: Flags
  readonly rules: Rules
  readonly disk: Disk
  readonly surroundings: Surroundings
  /** `profile:` of dbt_project.yml with its file. */
  readonly profileNode: YamlNode | null
  /** False when dbt_project.yml is broken: what isn't found in it is then not called missing. */
  readonly projectIsReadable: boolean
  readonly projectFile: string
  readonly projectRoot: string
  readonly context: ConfigContext
}

export interface ProfileReading {
  readonly target: Target | null
  readonly adapter: Adapter
  /** The profiles.yml that was read or would be. */
  readonly path: string
  readonly problems: readonly Problem[]
}

/** Never throws; without a usable target the adapter is a neutral one. */
export function readProfile(input: ProfileInput): ProfileReading {
  const path = profilesPath(input.flags.profilesDir.value, input.disk, input.surroundings)
  const problems: Problem[] = []
  const target = chooseTarget(input, path, problems)
  return { target: target?.target ?? null, adapter: target?.adapter ?? adapterOf('', input.rules), path, problems }
}

/** cli/resolvers.py default_profiles_dir: the current directory if it holds profiles.yml, else ~/.dbt. */
export function profilesPath(given: string | null, disk: Disk, surroundings: Surroundings): string {
  if (given !== null) return `${absolutePath(surroundings.cwd, given)}/profiles.yml`
  const here = `${surroundings.cwd}/profiles.yml`
  return disk.kind(here) === 'file' ? here : `${surroundings.home}/.dbt/profiles.yml`
}

interface Chosen { readonly target: Target; readonly adapter: Adapter }

function chooseTarget(input: ProfileInput, path: string, problems: Problem[]): Chosen | null {
  const projectPlace = { path: input.projectFile, start: input.profileNode?.start ?? 0, end: input.profileNode?.end ?? 0 }
  const fail = (code: string, message: string, node?: YamlNode | null, data?: Problem['data']): null => {
    problems.push({ code, severity: 'error', message, ...(data ? { data } : {}), place: node ? { path, start: node.start, end: node.end } : projectPlace })
    return null
  }
  const projectRendering: Rendering = { path: input.projectFile, context: input.context, problems }
  const rendered = input.profileNode?.kind === 'scalar' && typeof input.profileNode.value === 'string'
    ? renderScalar(input.profileNode.value, input.profileNode, projectRendering) : input.profileNode ? yamlValue(input.profileNode) : null
  const name = input.flags.profile.value ?? rendered
  if (typeof name !== 'string') {
    if (problems.length > 0 || !input.projectIsReadable) return null
    // A name that is not defined is one to dbt, and prints as ''.
    return fail('profile-not-found', name === null ? noProfile(path.slice(0, path.lastIndexOf('/'))) : `Could not find profile named '${strOf(name)}'`)
  }

  const text = input.disk.read(path)
  if (text === null) return fail('profile-not-found', `Could not find profile named '${name}'`)
  const document = parseYaml(text)
  const broken = document.problems.find((problem) => problem.kind === 'syntax' || problem.kind === 'value')
  if (broken) problems.push({ code: 'yaml-syntax', severity: 'error', message: broken.message, place: { path, start: broken.start, end: broken.end } })
  if (!document.root) return broken ? null : fail('profile-not-found', `The profiles.yml file at ${path} is empty`)
  const profile = valueOf(document.root, name)
  if (!profile && broken) return null
  if (!profile) return fail('profile-not-found', `Could not find profile named '${name}'`)
  if (profile.kind !== 'map') return fail('profile-not-found', `Profile ${name} in profiles.yml is empty`, profile)

  const rendering: Rendering = { path, context: { ...input.context, secrets: true }, problems }
  const outputs = valueOf(profile, 'outputs')
  const names = outputs?.kind === 'map' ? textEntries(outputs).map(({ key }) => key) : []
  const targetNode = valueOf(profile, 'target')
  const before = problems.length
  const targetName = input.flags.target.value ?? (targetNode ? renderNode(targetNode, rendering) : 'default')
  if (problems.length > before) return null
  if (!outputs && broken) return null
  if (!outputs) return fail('target-not-found', `outputs not specified in profile '${name}'`, profile)
  const output = typeof targetName === 'string' ? valueOf(outputs, targetName) : null
  if (!output && broken) return null
  if (!output || typeof targetName !== 'string') {
    const list = names.map((each) => ` - ${each}`).join('\n')
    return fail('target-not-found', `The profile '${name}' does not have a target named '${String(targetName)}'. The valid target names for this profile are:\n${list}`, targetNode ?? outputs, { targets: names })
  }
  if (output.kind !== 'map') return fail('target-not-found', `output '${targetName}' of profile '${name}' is misconfigured in profiles.yml`, output)

  // renderer.py SecretRenderer: what can't be rendered in a password is taken as it stands; passwords are not kept here anyway
  const values = renderNode(output, rendering, (keys) => !keys.includes('password'))
  if (!(values instanceof PyDict) || problems.length > before) return null
  const data = new Map(values.items().flatMap(([key, value]) => (typeof key === 'string' ? [[key, value] as const] : [])))
  const threads = data.get('threads') ?? 1n
  data.delete('threads')
  const type = data.get('type')
  if (type === undefined) return fail('profile-invalid', `required field "type" not found in profile ${name} and target ${targetName}`, output)
  if (typeof threads !== 'bigint') return fail('profile-invalid', `at path ['threads']: ${reprOf(threads)} is not of type 'integer'`, valueOf(output, 'threads'))
  data.delete('type')

  const adapter = adapterOf(String(type), input.rules)
  const described = describe(adapter, data, { rules: input.rules, projectRoot: input.projectRoot, home: input.surroundings.home })
  if (described instanceof Refusal) {
    return fail('profile-invalid', `Credentials in profile "${name}", target "${targetName}" invalid: ${described.message}`, described.key === null ? output : valueOf(output, described.key) ?? output)
  }
  for (const note of described.notes) problems.push({ code: 'profile-invalid', severity: 'information', message: note, place: { path, start: output.start, end: output.end } })
  const context = new Map<string, Value>([
    ...described.shown, ['type', String(type)], ['threads', threads], ['name', targetName], ['target_name', targetName], ['profile_name', name],
  ])
  return {
    adapter,
    target: {
      profileName: name, name: targetName, names, type: String(type), database: described.database, schema: described.schema,
      threads: Number(threads), context, databaseFile: described.databaseFile, attached: described.attached,
    },
  }
}

function noProfile(directory: string): string {
  return `dbt cannot run because no profile was specified for this dbt project.
To specify a profile for this project, add a line like the this to
your dbt_project.yml file:

profile: [profile name]

Here, [profile name] should be replaced with a profile name
defined in your profiles.yml file. You can find profiles.yml here:

${directory}/profiles.yml
`
}
