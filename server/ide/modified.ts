// What `state:modified` selects in an open project, unsaved text included, with the reason in a few words: badges, symbol lists, status.

import { resourceOf, type AnyResource, type Snapshot } from '../dbt/snapshot.ts'
import { modifiedText } from './modified-text.ts'

export interface ModifiedNode { readonly resource: AnyResource; readonly why: string }

/** In the manifest's order; null without a state. Made once for each snapshot. */
export function modifiedNodes(snapshot: Snapshot): readonly ModifiedNode[] | null {
  const comparison = snapshot.comparison()
  if (!comparison) return null
  let found = known.get(snapshot)
  if (!found) {
    found = Array.from(comparison.all()).flatMap(([id, reasons]) => {
      const [resource, why] = [resourceOf(snapshot, id), modifiedText(reasons)]
      return resource && why !== null ? [{ resource, why }] : []
    })
    known.set(snapshot, found)
  }
  return found
}

const known = new WeakMap<Snapshot, readonly ModifiedNode[]>()
