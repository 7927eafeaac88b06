"""Asks real dbt (the one of the running Python) what each selection of selections.txt lists, and writes
test/fixtures/select/{manifest.json,answers.json,selectors.json}: the manifest without macros and docs, the answers
[{args, lines, error, warnings}], and selectors.yml as JSON. Needs dbt 1.12 and dbt-duckdb.
"""
import json
import shlex
import shutil
import sys
import tempfile
from pathlib import Path

from dbt.cli.main import dbtRunner

HERE = Path(__file__).parent
OUT = HERE.parent.parent / 'fixtures' / 'select'
KEPT = ('metadata', 'nodes', 'sources', 'exposures', 'metrics', 'semantic_models', 'saved_queries', 'unit_tests', 'functions', 'groups', 'disabled')
DROPPED = ('created_at', 'compiled_code', 'compiled', 'root_path', 'build_path', 'compiled_path')


def main() -> None:
    place = Path(tempfile.mkdtemp())
    root = place / 'pier'
    shutil.copytree(HERE / 'project', root)
    base = ['--project-dir', str(root), '--profiles-dir', str(root), '--quiet']
    assert dbtRunner().invoke(['deps', *base]).success
    parsed = dbtRunner().invoke(['parse', *base])
    assert parsed.success, parsed.exception
    manifest = json.loads((root / 'target' / 'manifest.json').read_text())
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / 'manifest.json').write_text(json.dumps(reduced(manifest), indent=1))
    import yaml
    (OUT / 'selectors.json').write_text(json.dumps(yaml.safe_load((root / 'selectors.yml').read_text()), indent=1))
    answers = []
    for line in (HERE / 'selections.txt').read_text().splitlines():
        if not line or line.startswith('#'):
            continue
        warnings: list[str] = []
        runner = dbtRunner(manifest=parsed.result, callbacks=[lambda event: note(event, warnings)])
        answer = runner.invoke(['ls', *base, *shlex.split(line)])
        error = None if answer.success else str(answer.exception)
        answers.append({'args': shlex.split(line), 'lines': answer.result if answer.success else [], 'error': error, 'warnings': warnings})
        print('.', end='', file=sys.stderr, flush=True)
    (OUT / 'answers.json').write_text('[\n' + ',\n'.join(json.dumps(answer) for answer in answers) + '\n]\n')
    shutil.rmtree(place)
    print(f'\n{len(answers)} selections', file=sys.stderr)


def note(event, warnings: list[str]) -> None:
    if event.info.name == 'NoNodesForSelectionCriteria':
        warnings.append(event.data.spec_raw)


def reduced(value):
    if isinstance(value, dict) and 'metadata' in value and 'nodes' in value:
        return {key: reduced(value[key]) for key in KEPT if key in value}
    if isinstance(value, dict):
        return {key: reduced(item) for key, item in value.items() if key not in DROPPED and not key.endswith('_at')}
    return [reduced(item) for item in value] if isinstance(value, list) else value


if __name__ == '__main__':
    main()
