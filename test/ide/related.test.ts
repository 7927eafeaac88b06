// A diagnostic of a ref in a macro stands at the call in the model, and names the macro's place.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { diagnostics } from '../../server/ide/diagnostics.ts'
import { snapshotOf } from '../support/snapshot.ts'

const related = suite('related places')

related('of a ref, of an error and of a missing state, through two macros', async () => {
  const { snapshot, fixture } = await snapshotOf(`
    //- models/m.sql
    select * from {{ outer('gone') }}, {{ outer('new') }}
    {{ fails() }}
    //- models/new.sql
    select 1
    //- macros/lib.sql
    {% macro outer(name) %}{{ inner(name) }}{% endmacro %}
    {% macro inner(name) %}{{ ref(name) }}{% endmacro %}
    {% macro fails() %}{{ [] + 1 }}{% endmacro %}
    //- prod
    model m prod_db.core.m at models/m.sql
    //- dev
    main.thing
  `)
  const model = fixture.files.get('/p/models/m.sql') ?? ''
  const lib = fixture.files.get('/p/macros/lib.sql') ?? ''
  const shown = diagnostics(snapshot, '/p/models/m.sql').map((each) => [each.code, model.slice(each.place.start, each.place.end), (each.related ?? []).map(({ place, message }) => `${message}: ${lib.slice(place.start, place.end)}`)])
  assert.equal(shown.filter(([code]) => code === 'compilation-error'), [['compilation-error', 'fails()', ['in macro p.fails: [] + 1']]])
  const without = await snapshotOf(`
    //- models/m.sql
    select * from {{ outer('gone') }}, {{ outer('new') }}
    //- models/new.sql
    select 1
    //- macros/lib.sql
    {% macro outer(name) %}{{ inner(name) }}{% endmacro %}
    {% macro inner(name) %}{{ ref(name) }}{% endmacro %}
    //- prod
    model m prod_db.core.m at models/m.sql
    //- dev
    main.thing
  `)
  const found = diagnostics(without.snapshot, '/p/models/m.sql').map((each) => [each.code, model.slice(each.place.start, each.place.end), (each.related ?? []).map(({ place, message }) => `${message}: ${lib.slice(place.start, place.end)}`)])
  assert.equal(found, [
    ['ref-not-found', "outer('gone')", ['in macro p.inner: ref(name)', 'in macro p.outer: inner(name)']],
    ['prod-missing', "outer('new')", ['in macro p.inner: ref(name)', 'in macro p.outer: inner(name)']],
  ])
})

related.run()
