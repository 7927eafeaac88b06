// Document links: the file behind every ref and source of a file.

import { callsIn, resourceOf, type Snapshot } from '../dbt/snapshot.ts'
import type { DocumentLink } from './types.ts'
import { upstreamOf } from './upstream.ts'

export function documentLinks(snapshot: Snapshot, path: string): readonly DocumentLink[] {
  const links = new Map<number, DocumentLink>()
  for (const { call, resolution } of callsIn(snapshot, path)) {
    const target = resolution.target ? resourceOf(snapshot, resolution.target) : null
    if (!call.nameSpan || !target?.place.path || links.has(call.nameSpan.start)) continue
    links.set(call.nameSpan.start, { span: call.nameSpan, path: upstreamOf(snapshot, target.unique_id)?.file ?? target.place.path, tooltip: target.original_file_path })
  }
  return [...links.values()]
}
