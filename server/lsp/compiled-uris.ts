// The URIs of compiled documents: `dbt-compiled:///path/of/the/model.sql/model.compiled.sql?model.p.m~variant`. Slashes as editors without URI
// classes need them, a separator that none of them escapes; a name of its own, for tabs show the last part of the path, and SQL whatever the model is written in.

import { URI } from 'vscode-uri'
import { VARIANTS, type Variant } from '../ide/compiled-variants.ts'
import { pathOf, uriOf } from './uris.ts'

export const COMPILED_SCHEME = 'dbt-compiled'

export interface CompiledName {
  /** The file of the node. */
  readonly source: string
  /** Empty: the file's first. */
  readonly uniqueId: string
  readonly variant: Variant | null
}

export function compiledUri({ source, uniqueId, variant }: CompiledName): string {
  const query = encodeURIComponent(variant === null ? uniqueId : `${uniqueId}~${variant}`)
  return `${COMPILED_SCHEME}://${URI.parse(uriOf(`${source}/${stem(source)}${ENDING}`)).toString().slice('file://'.length)}?${query}`
}

const ENDING = '.compiled.sql'

function stem(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '')
}

/** Null for any other URI. */
export function compiledName(uri: string): CompiledName | null {
  try {
    const parsed = URI.parse(uri)
    if (parsed.scheme !== COMPILED_SCHEME) return null
    const query = decodeURIComponent(parsed.query)
    const tilde = query.lastIndexOf('~')
    const variant = query.slice(tilde + 1)
    const varied = tilde >= 0 && VARIANTS.has(variant)
    if (!parsed.path.endsWith(ENDING)) return null
    const source = parsed.path.slice(0, parsed.path.lastIndexOf('/'))
    return { source: pathOf(URI.file(source).toString()) ?? source, uniqueId: varied ? query.slice(0, tilde) : query, variant: varied ? variant as Variant : null }
  } catch {
    return null
  }
}
