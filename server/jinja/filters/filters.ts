// All filters by name: jinja2 3.1's and those dbt adds.

import { HTML_FILTERS } from './html.ts'
import { SEQUENCE_FILTERS } from './sequence.ts'
import { TEXT_FILTERS } from './text.ts'
import type { FilterFunction } from './shared.ts'

export const FILTERS: ReadonlyMap<string, FilterFunction> = new Map([...TEXT_FILTERS, ...SEQUENCE_FILTERS, ...HTML_FILTERS])
