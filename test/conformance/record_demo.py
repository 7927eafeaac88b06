"""Writes client/demo/prod/manifest.json, the demo's production state, with dbt 1.12: python record_demo.py.

All of what `dbt compile --target prod` writes, less what belongs to the machine that ran it.
"""
import json
import tempfile
from pathlib import Path

from real_dbt import copied, flags_of, invoke

DEMO = Path(__file__).resolve().parents[2] / 'client' / 'demo'

with tempfile.TemporaryDirectory() as place:
    job = {'project': str(DEMO), 'target': 'prod'}
    root = copied(job, Path(place))
    answer = invoke(['compile', *flags_of(job, root), '--target-path', f'{place}/out'], root)
    if answer.exit:
        raise SystemExit(answer.error)
    manifest = json.loads(Path(place, 'out', 'manifest.json').read_text())

manifest['metadata'].update(user_id=None, send_anonymous_usage_stats=False, env={})
for key in list(manifest['metadata']):
    if key in ('invocation_started_at', 'run_started_at', 'generated_at'):
        manifest['metadata'][key] = '2026-01-05T06:00:00.000000Z'
text = json.dumps(manifest).replace(str(root), '/home/bakery').replace(f'{place}/out', 'target')
if place in text:
    at = text.index(place)
    raise SystemExit(f'a path of this machine is in the manifest: {text[at - 60:at + 80]}')
(DEMO / 'prod').mkdir(exist_ok=True)
(DEMO / 'prod' / 'manifest.json').write_text(text)
