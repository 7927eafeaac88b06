"""Writes test/fixtures/defer/PROJECT.dev.json: dbt's manifest of the project's target dev, reduced, beside what record_defer.py recorded.
python record_defer_manifest.py PROJECT… (with the Python of dbt 1.12). The tests of resolution start from it instead of from our own reading.
"""
import json
import sys
import tempfile
from pathlib import Path

from real_dbt import copied, flags_of, invoke, reduced

FIXTURES = Path(__file__).resolve().parent.parent / 'fixtures'


def main() -> None:
    for project in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as place:
            root = copied({'project': str(FIXTURES / 'projects' / project)}, Path(place))
            answer = invoke(['parse', *flags_of({'target': 'dev'}, root), '--target-path', f'{place}/dev'], root)
            if answer.exit:
                raise SystemExit(f'{project}: {answer.error}')
            manifest = json.loads(Path(place, 'dev', 'manifest.json').read_text())
        (FIXTURES / 'defer' / f'{project}.dev.json').write_text(json.dumps({**reduced(manifest), 'metadata': {'project_name': project, 'adapter_type': 'duckdb'}, 'macros': {}, 'docs': {}}))


if __name__ == '__main__':
    main()
