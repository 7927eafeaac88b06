// What a template can ask of the engine's own loops: searching, copying, hashing, sorting. Each ends in the budget, and soon.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { evaluateForParse } from '../../../server/dbt/context/evaluate-node.ts'
import { parseTemplate } from '../../../server/jinja/parse.ts'
import { shedDraft, shedWorld } from './shed.ts'

const LOOP = '{% for i in range(99999) %}'
const LIST = '{% set l = range(99999)|list %}'
const BOMBS: readonly (readonly [name: string, text: string])[] = [
  ['searching a list', `${LIST}${LOOP}{% do l.count(i) %}{% endfor %}`],
  ['asking a list', `${LIST}${LOOP}{{ -1 in l }}{% endfor %}`],
  ['copying a list', `${LIST}${LOOP}{% set t = l.copy() %}{% endfor %}`],
  ['sets', `${LIST}${LOOP}{% set t = set(l) %}{% endfor %}`],
  ['hashes', `{% set s = 'a' * 1000000 %}${LOOP}{% set t = local_md5(s) %}{% endfor %}`],
  ['permutations', '{{ modules.itertools.permutations(range(50))|list|length }}'],
  ['groups', '{{ (range(99999)|list * 20)|groupby(0) }}'],
  ['letters', "{{ ('a ' * 10000000)|title|length }}"],
  ['letters of a method', "{% set s = 'a ' * 1000000 %}{% for i in range(99) %}{% set t = s.title() %}{% endfor %}"],
  ['refs', `${LOOP}{{ ref('plain') }}{% endfor %}`],
]

const test = suite('bombs')
const world = shedWorld()

for (const [name, text] of BOMBS) {
  test(name, () => {
    const before = process.cpuUsage()
    const { problem } = evaluateForParse(world, shedDraft('model.shed.plain', text), () => parseTemplate(text))
    const { user, system } = process.cpuUsage(before)
    assert.is(problem?.code, 'evaluation-budget')
    // The promise is 200 ms; a busy machine, a garbage collection and the coverage of a test run get some more.
    assert.ok(user + system < 1_500_000, `${(user + system) / 1000} ms`)
  })
}

test.run()
