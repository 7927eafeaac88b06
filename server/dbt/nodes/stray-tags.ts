// Tags outside of any block of a macro or snapshot file: dbt reads past them and warns (dbt 1.10: parser/base.py and parser/search.py _handle_extract_warning).

import type { BlockExtraction } from '../../jinja/blocks.ts'
import type { Problem } from '../problem.ts'

/** `shown`: the path that dbt names; `offset`: of the extracted text in the file at `path`. */
export function strayTags({ unexpected }: BlockExtraction, shown: string, path: string, offset: number): Problem[] {
  return unexpected.map(({ kind, start, end }) => ({
    code: 'block-stray', severity: 'warning', message: `Found unexpected '${kind}' block tag. in file \`${shown}\``, place: { path, start: start + offset, end: end + offset },
  }))
}
