// Projects that bring a ref() or source() macro of their own: what such a macro printed where it was called, for it may print another text
// than the relation that it asked for. It decides nothing about where a call goes.

import type { ManifestNode, ResourceCall } from '../nodes/types.ts'
import { compileNode } from './compile.ts'
import type { CompileWorld } from './types.ts'

/** Whether a macro of the project or a package stands in the call's way. */
export function mayPrintOther({ world }: CompileWorld, node: ManifestNode, call: ResourceCall): boolean {
  if (node.place.path !== call.path || (call.kind !== 'ref' && call.kind !== 'source' && call.kind !== 'function')) return false
  const macro = world.macros.find(call.kind, node.package_name)
  return macro !== null && !macro.internal
}

/** The text that stands for the call when it is all of an expression; null: it is not, or no macro stands in its way, or the text is not known. */
export function printedByMacro(world: CompileWorld, node: ManifestNode, call: ResourceCall): string | null {
  if (!mayPrintOther(world, node, call)) return null
  const printed = new Set<string>()
  for (const { source, cte, text: own } of compileNode(world, node)?.pieces ?? []) {
    if (cte !== null || source === null || source.start !== call.span.start || source.end !== call.span.end) continue
    if (own === null) return null
    printed.add(own)
  }
  const [only] = printed
  return printed.size === 1 && only !== undefined ? only : null
}
