// Projects that bring a ref() or source() macro of their own: what such a macro printed where it was called, for it may print another text
// than the relation that it asked for. It decides nothing about where a call goes.

import type { ManifestNode, ResourceCall } from '../nodes/types.ts'
import { givenIn } from './compile.ts'
import { keyOfCall } from './given.ts'
import type { CompileWorld } from './types.ts'

/** Whether a macro of the project or a package stands in the call's way. */
export function mayPrintOther({ world }: CompileWorld, node: ManifestNode, call: ResourceCall): boolean {
  if (node.place.path !== call.path || (call.kind !== 'ref' && call.kind !== 'source' && call.kind !== 'function')) return false
  const macro = world.macros.find(call.kind, node.package_name)
  return macro !== null && !macro.internal
}

/** What that macro gives back for the call, as text, whatever becomes of it then; null: nothing stands in the call's way, or it is not known. */
export function printedByMacro(world: CompileWorld, node: ManifestNode, call: ResourceCall): string | null {
  return mayPrintOther(world, node, call) ? givenIn(world, node).get(keyOfCall(call)) ?? null : null
}
