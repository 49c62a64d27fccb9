# shellcheck shell=bash
# Called by everything.bash through cmd_extension.
local inner_top=here
echo "inner: $inner_top, $# arguments [$1] [$2], command $COMMAND"
return 3
