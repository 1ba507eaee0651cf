#!/bin/sh
# Install the locked packages with the given interpreter, and show how far it is: pip is silent for a minute or more,
# first while it downloads and then while it unpacks. Usage: requirements/install.sh .venv/bin/python
set -u
python=$1
place=$("$python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')

count() { find "$place" -maxdepth 1 -name '*.dist-info' | wc -l; }
before=$(count)

echo "Installing the packages of requirements/ (some 100, 250 MB to download) …"
# --no-deps: the lock files name everything. Resolving again, older pips warn of extras that they can't find (html_clean).
"$python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
    -r requirements/run.txt -r requirements/dev.txt &
pip=$!
seconds=0
while kill -0 "$pip" 2>/dev/null; do
    sleep 1
    seconds=$((seconds + 1))
    [ $((seconds % 5)) = 0 ] || continue
    new=$(($(count) - before))
    if [ "$new" = 0 ]; then echo "  $seconds s: downloading"; else echo "  $seconds s: $new packages installed"; fi
done
wait "$pip"
