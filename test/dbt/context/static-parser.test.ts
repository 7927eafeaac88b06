import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { parseStatically } from '../../../server/dbt/context/static-parser.ts'
import { PyDict, PyList } from '../../../server/jinja/value.ts'
import type { Value } from '../../../server/jinja/value.ts'

const golden = JSON.parse(readFileSync(new URL('./static-parser.golden.json', import.meta.url), 'utf8')) as [string, unknown][]
const test = suite('static parser')

for (const [text, expected] of golden) {
  test(`as dbt-extractor: ${JSON.stringify(text)}`, () => {
    const found = parseStatically(text)
    assert.equal(found && {
      refs: found.refs.map(({ ref }) => ({ name: ref.name, ...(ref.package === null ? {} : { package: ref.package }), ...(ref.version === null ? {} : { version: typeof ref.version === 'bigint' ? Number(ref.version) : ref.version }) })),
      sources: found.sources.map(source => [...source.names]).toSorted(),
      configs: found.configs.flatMap(config => Array.from(config.values, ([key, value]) => [key, plain(value)])),
    }, expected)
  })
}

function plain(value: Value): unknown {
  if (value instanceof PyList) return value.items.map(plain)
  if (value instanceof PyDict) return Object.fromEntries(value.items().map(([key, item]) => [String(key), plain(item)]))
  return value
}

test.run()
