// What dbt asks of `time_spine:` of a model: its columns are there, with a granularity. dbt 1.12: UnparsedModelUpdate.__post_init__.

import { reprOf } from '../../../jinja/repr.ts'
import { PyDict, PyList } from '../../../jinja/value.ts'
import type { Value } from '../../../jinja/value.ts'

/** Null when all is well; `columns`: those of the latest version where there are versions. The key says where. */
export function timeSpineRefusal(model: string, spine: Value | undefined, columns: readonly PyDict[], versioned: boolean): { readonly message: string; readonly key: 'standard_granularity_column' | 'custom_granularities' } | null {
  if (!(spine instanceof PyDict)) return null
  const names = new PyList(columns.map((column) => column.get('name') ?? null))
  const standard = spine.get('standard_granularity_column')
  if (typeof standard !== 'string') return null
  const column = columns.findLast((each) => each.get('name') === standard)
  const at = 'standard_granularity_column'
  if (!column) return { key: at, message: `Time spine standard granularity column must be defined on the model. Got invalid column name '${standard}' for model '${model}'. Valid names${versioned ? ' for latest version' : ''}: ${reprOf(names)}.` }
  if (!column.get('granularity')) return { key: at, message: `Time spine standard granularity column must have a granularity defined. Please add one for column '${standard}' in model '${model}'.` }
  const custom = spine.get('custom_granularities')
  const missing = (custom instanceof PyList ? custom.items : []).flatMap((each) => {
    const name = each instanceof PyDict ? each.get('column_name') || each.get('name') : undefined
    return typeof name === 'string' && !names.items.includes(name) ? [name] : []
  })
  return missing.length === 0 ? null : { key: 'custom_granularities', message: `Time spine custom granularity columns do not exist in the model. Columns not found: ${reprOf(new PyList(missing))}; Available columns: ${reprOf(names)}` }
}
