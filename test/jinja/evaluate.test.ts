// Our evaluator against the answers jinja2 gave (test/conformance/jinja/evaluate.ts --write).

import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { evaluated } from '../conformance/jinja/evaluated.ts'
import type { Mode, Outcome } from '../conformance/jinja/evaluated.ts'

const golden = JSON.parse(readFileSync(new URL('../golden/jinja/evaluate.json', import.meta.url), 'utf8')) as [Mode, string, Outcome][]
const snippets = suite('evaluate')

for (const [mode, text, answer] of golden) {
  snippets(`${mode}: ${text}`, () => {
    const [kind, first = '', message = ''] = answer
    // Python names the line of jinja2's generated code in errors of its own compiler.
    const expected = kind === 'error' ? [kind, first, message.replace(/ \(<template>, line \d+\)$/, '')] : [kind, first]
    assert.equal([...evaluated([mode, text])], expected)
  })
}

snippets.run()
