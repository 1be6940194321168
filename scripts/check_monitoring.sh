#!/bin/sh
# Check deploy/monitoring with promtool: alert rules and their tests, configurations, the dashboard's expressions.
# Without promtool, prints that and does nothing. `scripts/get_promtool.sh` installs it (Debian, Ubuntu).
set -eu
cd "$(dirname "$0")/.."
promtool=$(command -v promtool || command -v .venv/promtool || true)
if [ -z "$promtool" ]; then
    echo "promtool is not installed, so the alert rules and the dashboard's expressions are not checked." >&2
    exit 0
fi
"$promtool" check rules deploy/monitoring/alerts.yml
"$promtool" check config --syntax-only deploy/monitoring/prometheus.yml deploy/compose/prometheus.yml
"$promtool" test rules deploy/monitoring/alerts.test.yml
panels=$(mktemp)
trap 'rm -f "$panels"' EXIT
.venv/bin/python - > "$panels" << 'PYTHON'
import json
import re
from pathlib import Path

panels = json.loads(Path("deploy/monitoring/grafana-dashboard.json").read_text())["panels"]
questions = [re.sub(r"\$__\w+", "5m", target["expr"]) for panel in panels for target in panel["targets"]]
rules = [{"record": f"panel:{number}", "expr": question} for number, question in enumerate(questions)]
print(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))
PYTHON
"$promtool" check rules "$panels"
