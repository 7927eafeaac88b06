// What a request selects, over a snapshot: selectors.yml, state comparison, results. Everything comes in as values.

import type { Inputs } from './inputs.ts'
import { commandTypes } from './graph/select-commands.ts'
import { selectionSpec } from './graph/select-file.ts'
import { selectNodes } from './graph/select.ts'
import { INDIRECT_MODES } from './graph/select-spec.ts'
import type { Selection, SelectionEnv, Selectors } from './graph/select-types.ts'
import type { Manifest } from './nodes/types.ts'
import type { Project } from './project/types.ts'
import { readSelectors } from './selectors.ts'
import type { StateManifest } from './state/types.ts'
import { compareState, type ComparedBefore, type StateComparison } from './state/modified.ts'

export interface SelectionInput {
  readonly project: Project
  readonly manifest: Manifest
  readonly inputs: Inputs
  /** ISO moment, for deprecation dates. */
  readonly now: string
}

/** The selection of the request's --select, --exclude, --selector with the command's resource types. dbt's text when it refuses. */
export function select({ project, manifest, inputs, now }: SelectionInput): Selection {
  const { request } = inputs
  const indirect = INDIRECT_MODES.find((mode) => mode === project.flags.indirectSelection.value) ?? 'eager'
  const selectors = readSelectors(inputs)
  if ('message' in selectors) return { ids: [], warnings: [], error: selectors.message }
  const spec = selectionSpec({ select: request.select, exclude: request.exclude, selector: request.selector, indirect }, selectors.selectors)
  if (!spec.ok) return { ids: [], warnings: [], error: spec.message }
  return selectNodes(manifest, spec.spec, environment({ project, manifest, inputs, now }, selectors.selectors))
}

/** What differs from `--state`; null without one. Made once for each manifest and state. */
export function comparisonOf({ project, manifest, inputs, now }: SelectionInput): StateComparison | null {
  const { state } = inputs.evidence
  if (!state) return null
  const known = comparisons.get(manifest)
  if (known && known.state === state) return known.comparison
  const last = latest.get(state)
  const before = last && last.project === project && last.macros === manifest.macros && last.internal === inputs.internal ? last.compared : null
  const comparison = compareState(manifest, state, {
    rules: project.rules,
    adapterType: project.adapter.type,
    moreUnrendered: project.flags.behaviour.get('state_modified_compare_more_unrendered_values')?.value ?? project.rules.compareMoreUnrenderedValues,
    comparedPackages: (name) => project.packages.has(name) || (inputs.internal !== null && inputs.internal.source !== state.info.path),
    now,
  }, before, inputs.asBefore?.(state) ?? null)
  comparisons.set(manifest, { state, comparison })
  latest.set(state, { project, macros: manifest.macros, internal: inputs.internal, compared: comparison.compared })
  return comparison
}

/** What was found, if anything was asked of the comparison. */
export function comparisonMade(manifest: Manifest): StateComparison | null { return comparisons.get(manifest)?.comparison ?? null }

interface Latest { readonly project: Project; readonly macros: unknown; readonly internal: unknown; readonly compared: ComparedBefore }
const latest = new WeakMap<StateManifest, Latest>()
const comparisons = new WeakMap<Manifest, { readonly state: unknown; readonly comparison: StateComparison }>()

function environment(input: SelectionInput, selectors: Selectors): SelectionEnv {
  const { project, inputs } = input
  const { request, artifacts } = inputs
  return {
    projectName: project.root.name,
    lacks: project.rules.selectionLacks,
    pathKind: (path) => pathKind(inputs, project.root.root, path),
    patchPath: (member) => {
      const patch = 'patch' in member ? member.patch : null
      const root = project.packages.get(member.package_name)?.root
      return patch && root !== undefined && patch.path.startsWith(`${root}/`) ? patch.path.slice(root.length + 1) : null
    },
    state: comparisonOf(input)?.answers ?? null,
    unknownStateCheck: project.rules.name === '2' ? 'nothing' : 'error',
    emptyDropsNeighbours: project.rules.name === '1.7' || project.rules.name === '1.8',
    results: artifacts.results,
    freshness: artifacts.freshness,
    selectors,
    resourceTypes: typesOf(project, request.command),
    includeEmpty: request.command === 'ls' && project.rules.name !== '2',
  }
}

/** task/list.py and task/build.py get_node_selector: with 1.8 tests alone are TestSelector's, which has unit tests. */
function typesOf({ flags, rules }: Project, command: Inputs['request']['command']): ReadonlySet<string> {
  const types = commandTypes(command, flags.resourceTypes.value, flags.excludeResourceTypes.value)
  return rules.testsMeanUnitTests && (command === 'ls' || command === 'build') && types.size === 1 && types.has('test') ? new Set(['test', 'unit_test']) : types
}

/** dbt globs the project's directory; the files that were read and the folders above them are what it would find. */
function pathKind(inputs: Inputs, root: string, path: string): 'file' | 'directory' | null {
  const full = `${root}/${path.replace(/^\.\//, '').replace(/\/+$/, '')}`
  if (inputs.files.has(full)) return 'file'
  let folders = directories.get(inputs.files)
  if (!folders) {
    directories.set(inputs.files, folders = new Set())
    for (const file of inputs.files.keys()) for (let at = file.lastIndexOf('/'); at > 0 && !folders.has(file.slice(0, at)); at = file.lastIndexOf('/', at - 1)) folders.add(file.slice(0, at))
  }
  return folders.has(full) ? 'directory' : null
}

const directories = new WeakMap<object, Set<string>>()
