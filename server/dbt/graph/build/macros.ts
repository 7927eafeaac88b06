// Macros of the manifest: the index's macros with what YAML says of them. dbt 1.12: parser/schemas.py MacroPatchParser.parse_patch.

import { PyDict } from '../../../jinja/value.ts'
import type { Place } from '../../../text/span.ts'
import { macroDependsOn } from '../../context/macro-depends.ts'
import { nodeAt } from '../../../yaml/node-at.ts'
import { behaves } from '../../nodes/behaviour.ts'
import { originalPath } from '../../nodes/resource-file.ts'
import type { ResourceFile } from '../../nodes/resource-file.ts'
import type { PropertyEntry } from '../../nodes/property-file.ts'
import type { MacroNode } from '../../nodes/types.ts'
import { duplicateMacroPatch } from '../messages.ts'
import { annotationFaults } from './macro-annotations.ts'
import { report } from './build.ts'
import type { Build } from './build.ts'
import { listOf, nullableText, textOr } from './columns.ts'
import { describeMacro } from './describe.ts'
import type { Docs } from './describe.ts'
import type { RenderedEntry } from './render-entry.ts'

interface MacroPatch { readonly place: Place; readonly path: string; readonly rendered: RenderedEntry }

/** By unique_id. */
export type MacroPatches = Map<string, MacroPatch>

export function readMacroPatches(build: Build, into: MacroPatches, resource: ResourceFile, entries: readonly PropertyEntry[], render: (entry: PropertyEntry) => RenderedEntry): void {
  const path = originalPath(resource)
  for (const entry of entries) {
    const rendered = render(entry)
    const id = `macro.${resource.packageName}.${rendered.name}`
    const place: Place = { path: entry.file.path, ...entry.nameSpan }
    const other = into.get(id)
    if (!build.world.macros.byId.has(id)) report(build, 'macro-not-found', `Found patch for macro "${entry.name}" which was not found`, place, 'warning')
    else if (other) report(build, 'name-duplicate', duplicateMacroPatch(entry.name, resource.packageName, path, other.path), place)
    else {
      into.set(id, { place, path, rendered })
      if (behaves(build.project, 'validate_macro_args')) checkArguments(build, entry, id, rendered)
    }
  }
}

function checkArguments(build: Build, entry: PropertyEntry, id: string, { name, value }: RenderedEntry): void {
  const said = argumentsIn(value)
  const defined = said.length === 0 ? null : build.world.macros.byId.get(id)
  if (!defined) return
  for (const { message, index } of annotationFaults(name, defined.node.arguments.map((each) => each.name), said)) {
    const { start, end } = nodeAt(entry.node, index === null ? ['arguments'] : ['arguments', BigInt(index)]) ?? entry.nameSpan
    report(build, 'macro-annotation', message, { path: entry.file.path, start, end }, 'warning')
  }
}

/** The arguments that a property file gives a macro. */
function argumentsIn(value: PyDict): MacroNode['arguments'] {
  return listOf(value.get('arguments')).flatMap(item => item instanceof PyDict ? [{
    name: textOr(item.get('name'), ''), type: nullableText(item.get('type')), default: null, description: textOr(item.get('description'), ''),
  }] : [])
}

/** All macros by id, dbt's own included. `depends_on` is found when first asked for: it needs every macro's tree. Yields between macros. */
export function* manifestMacros(build: Build, patches: MacroPatches, docs: Docs): Generator<void, ReadonlyMap<string, MacroNode>> {
  const macros = new Map<string, MacroNode>()
  for (const [id, definition] of build.world.macros.byId) {
    const patch = patches.get(id)
    const base = patch ? patched(build, definition.node, patch) : definition.node
    const described = patch ? describeMacro(build, docs, base) : base
    let macrosOf: readonly string[] | null = null
    macros.set(id, { ...described, depends_on: { get macros() { return macrosOf ??= macroDependsOn(build.world.macros, build.project, definition) } } })
    yield
  }
  return macros
}

function patched(build: Build, macro: MacroNode, { place, rendered }: MacroPatch): MacroNode {
  const { value } = rendered
  const given = argumentsIn(value)
  const keeps = behaves(build.project, 'validate_macro_args') && !given.length
  return { ...macro, description: textOr(value.get('description'), ''), patch: place, arguments: keeps ? macro.arguments : given }
}
