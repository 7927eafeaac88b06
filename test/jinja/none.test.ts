// None is a value: what holds it has it. Answers of jinja2 3.1.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { render } from '../../server/jinja/evaluate.ts'
import { parseTemplate } from '../../server/jinja/parse.ts'

const x = suite('None in a dict')

for (const [text, expected] of [
  ["{{ {'a': none}.get('a', 1) }}", 'None'], ["{{ {'a': none}.a }}", 'None'], ["{{ {'a': none}['a'] }}", 'None'], ["{{ {'a': none}.b }}", ''], ["{{ {}.get('a', 1) }}", '1'], ["{{ 'a' in {'a': none} }}", 'True'],
] as const) {
  x(text, () => {
    const result = render(parseTemplate(text), { path: 't' }, () => undefined, { undefined: 'run' })
    assert.is(result.kind === 'ok' ? result.text : result.message, expected)
  })
}

x.run()
