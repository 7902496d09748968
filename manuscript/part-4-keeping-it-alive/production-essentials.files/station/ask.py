"""Print the page at an address; wait up to ten seconds until there is one."""

import sys
import time
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

for _ in range(100):
    try:
        with urlopen(sys.argv[1]) as page:
            print(page.read().decode(), end="")
        break
    except HTTPError as exc:
        sys.exit(f"status {exc.code}: {exc.read().decode().strip()}")
    except URLError:
        time.sleep(0.1)
else:
    sys.exit(f"{sys.argv[1]}: no answer")
