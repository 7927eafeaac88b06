// Models of other projects that are known by their manifests: what the manifest says of them and dbt-loom does not hand on to dbt.

import type { Snapshot } from '../dbt/snapshot.ts'
import type { UpstreamModel } from '../dbt/project/upstream.ts'

/** Null for this project's own resources. */
export function upstreamOf({ project: { upstream } }: Snapshot, id: string): UpstreamModel | null {
  if (upstream.models.length === 0) return null
  let index = indices.get(upstream.models)
  if (!index) indices.set(upstream.models, index = new Map(upstream.models.map((each) => [each.unique_id, each])))
  return index.get(id) ?? null
}

const indices = new WeakMap<readonly UpstreamModel[], ReadonlyMap<string, UpstreamModel>>()
