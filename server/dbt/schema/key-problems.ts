// What schemas say of keys, as problems at their places: deprecated ones (dbt 1.12) as warnings, refused ones (dbt 2) as errors.

import type { YamlNode } from '../../yaml/nodes.ts'
import { keyAt, nodeAt } from '../../yaml/node-at.ts'
import type { Problem } from '../problem.ts'
import type { KeyFinding } from './deprecated-keys.ts'
import type { StrictFinding } from './strict.ts'

export const KEY_CODE: { readonly [event in KeyFinding['event']]: string } = {
  CustomTopLevelKeyDeprecation: 'key-unknown', CustomKeyInObjectDeprecation: 'key-unknown', CustomKeyInConfigDeprecation: 'config-unknown',
  PropertyMovedToConfigDeprecation: 'key-deprecated', MissingPlusPrefixDeprecation: 'key-deprecated', SourceOverrideDeprecation: 'key-deprecated', GenericJSONSchemaValidationDeprecation: 'key-deprecated',
}

/** At the key where there is one. `root`: the document that the finding's path begins in. */
export function keyProblem({ event, path, key, near, message }: KeyFinding, root: YamlNode, file: string): Problem {
  const at = (key === '' ? null : keyAt(root, path)) ?? nodeAt(root, path) ?? root
  return { code: KEY_CODE[event], severity: 'warning', message, place: { path: file, start: at.start, end: at.end }, data: { event, key, near } }
}

export function strictProblem({ code, message, span, key, path }: StrictFinding, file: string): Problem {
  const unknown = /(^|\.)config$/.test(path) ? 'config-unknown' : 'key-unknown'
  return { code: code === 'dbt1060' ? unknown : 'yaml-invalid', severity: 'error', message, place: { path: file, ...span }, data: { event: code, key } }
}
