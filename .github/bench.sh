#!/usr/bin/env bash
# A bench with a released Frappe, this app and, if wanted, ERPNext: bench.sh BRANCH [erpnext]
set -euo pipefail
branch=$1
with=${2:-}

sudo apt-get update -qq
sudo apt-get install -qq --no-install-recommends mariadb-client redis-tools
npm install --global --silent yarn
pip install --quiet frappe-bench

cd "$HOME"
bench init --skip-redis-config-generation --skip-assets --python "$(which python)" --frappe-branch "$branch" bench
cd bench
bench set-config -g db_host 127.0.0.1
bench set-config -g redis_cache redis://127.0.0.1:13000
bench set-config -g redis_queue redis://127.0.0.1:11000
bench set-config -g redis_socketio redis://127.0.0.1:11000

if [ "$with" = erpnext ]; then
	bench get-app --branch "$branch" --skip-assets erpnext
fi
bench get-app --skip-assets involvement_app "$GITHUB_WORKSPACE"
bench setup requirements --dev
bench build
