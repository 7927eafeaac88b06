// A node whose names, config or graph hang on something that only a run tells.

import type { ManifestNode } from './types.ts'

/** The code of an unknown config that decides how a node is built, and nothing of what its readers see of it. */
export const OWN_CONFIG = 'own-config'

/** Why those who read the node cannot rely on what is known of it; null: they can. */
export function unsureOf({ unknown }: Pick<ManifestNode, 'unknown'>): ManifestNode['unknown'][number] | null {
  return unknown.find(({ code }) => code !== OWN_CONFIG) ?? null
}
