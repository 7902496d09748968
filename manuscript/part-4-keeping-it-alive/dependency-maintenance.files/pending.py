"""List what Renovate would propose, from the reports of its dry runs."""

import json
import sys
from pathlib import Path

for name in sys.argv[1:]:
    report = json.loads(Path(name).read_text("utf-8"))
    files = report["repositories"]["local"]["packageFiles"]
    found = [d for group in files.values() for f in group for d in f["deps"]]
    for dep in found:
        for update in dep.get("updates", []):
            branch = update["branchName"].removeprefix("renovate/")
            print(
                f"{Path(name).stem:9} {update['updateType']:5}"
                f" {dep['depName']} {dep['currentVersion']} -> {branch}"
            )
