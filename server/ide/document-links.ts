// Document links: the file behind every ref and source of a file.

import { callsIn, resourceOf, type Snapshot } from '../dbt/snapshot.ts'
import { brokenCalls, propertyCalls } from './meaning.ts'
import type { DocumentLink } from './types.ts'
import { upstreamOf } from './upstream.ts'

export function documentLinks(snapshot: Snapshot, path: string): readonly DocumentLink[] {
  const links = new Map<number, DocumentLink>()
  const calls = [
    ...callsIn(snapshot, path).map(({ call, resolution }) => ({ span: call.nameSpan, resolution })),
    ...[...brokenCalls(snapshot, path), ...propertyCalls(snapshot, path)].map(({ call, resolution }) => ({ span: call.args.at(-1)?.span ?? null, resolution })),
  ]
  for (const { span, resolution } of calls) {
    const target = resolution.target ? resourceOf(snapshot, resolution.target) : null
    if (!span || !target?.place.path || links.has(span.start)) continue
    links.set(span.start, { span, path: upstreamOf(snapshot, target.unique_id)?.file ?? target.place.path, tooltip: target.original_file_path })
  }
  return [...links.values()]
}
