"""Variables of GitLab CI in memory on 127.0.0.1; prints its port. Ends when its input ends.

gitlab.py ADMIN READER

ADMIN and READER are tokens; the second may see projects, and no variables. There are the projects `g/p` (number 5) and
`g/sub/p`, the groups `g` and `g/sub`, and the server's own variables. `GET /own/variables` has all that is kept.
"""
import re
import sys

from rest import Handler, Refusal, run

admin, reader = sys.argv[1:]
projects, groups = {"5": "g/p", "g/p": "g/p", "g/sub/p": "g/sub/p"}, ("g", "g/sub")
variables = []


def invalid(field, text):
    return Refusal(400, {"message": {field: [text]}})


class GitLab(Handler):
    def respond(self):
        if self.parts == ["own", "variables"]:
            return 200, [{**one, "holder": "/".join(one["holder"])} for one in variables]
        token = self.headers.get("PRIVATE-TOKEN") or self.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in (admin, reader):
            raise Refusal(401, {"message": "401 Unauthorized"})
        if self.parts[:2] != ["api", "v4"]:
            raise Refusal(404, {"error": "404 Not Found"})
        parts = self.parts[2:]
        if parts == ["version"]:
            return 200, {"version": "18.5.0", "revision": "abc"}
        if parts[0] == "projects":
            if parts[1] not in projects:
                raise Refusal(404, {"message": "404 Project Not Found"})
            holder, rest = ("projects", projects[parts[1]]), parts[2:]
            if not rest:
                return 200, {"id": 5, "path_with_namespace": holder[1]}
        elif parts[0] == "groups":
            if parts[1] not in groups:
                raise Refusal(404, {"message": "404 Group Not Found"})
            holder, rest = ("groups", parts[1]), parts[2:]
        elif parts[:2] == ["admin", "ci"]:
            holder, rest = ("admin", ""), parts[2:]
        else:
            raise Refusal(404, {"error": "404 Not Found"})
        if rest[:1] != ["variables"]:
            raise Refusal(404, {"error": "404 Not Found"})
        if token == reader:
            raise Refusal(403, {"message": "403 Forbidden"})
        return self.variable(holder, rest[1:])

    def variable(self, holder, rest):
        mine = [one for one in variables if one["holder"] == holder]
        if not rest:
            if self.command == "GET":
                return 200, self.page([self.shown(one) for one in mine], "20")
            return self.create(holder, mine)
        found = [one for one in mine if one["key"] == rest[0]]
        scope = self.query.get("filter[environment_scope]")
        if scope is not None:
            found = [one for one in found if one["environment_scope"] == scope]
        if len(found) > 1:
            raise Refusal(409, {"message": "There are multiple variables with provided parameters. "
                                           "Please use 'filter[environment_scope]'."})
        if not found:
            raise Refusal(404, {"message": "404 Variable Not Found"})
        if self.command == "DELETE":
            variables.remove(found[0])
            return 204, None
        if self.command == "PUT":
            new = {**found[0], **self.body}
            if "masked_and_hidden" in self.body:
                raise invalid("masked_and_hidden", "can only be set at creation")
            self.check(new)
            found[0].update(new)
        return 200, self.shown(found[0])

    def create(self, holder, mine):
        new = {"variable_type": "env_var", "protected": False, "masked": False, "raw": False,
               "environment_scope": "*", "hidden": False, **self.body, "holder": holder}
        if new.pop("masked_and_hidden", False):
            new |= {"masked": True, "hidden": True}
        if not re.fullmatch("[A-Za-z0-9_]{1,255}", str(new.get("key"))):
            raise invalid("key", "can contain only letters, digits and '_'.")
        if holder[0] == "admin" and new["environment_scope"] != "*":
            raise invalid("environment_scope", "is not for these")
        if any((one["key"], one["environment_scope"]) == (new["key"], new["environment_scope"]) for one in mine):
            raise invalid("key", f"({new['key']}) has already been taken")
        self.check(new)
        variables.append(new)
        return 201, self.shown(new)

    def check(self, variable):
        value = variable.get("value")
        if not isinstance(value, str) or len(value) > 10_000:
            raise invalid("value", "is invalid")
        if variable["masked"] and not re.fullmatch(r"\S{8,}", value):
            raise invalid("value", "is invalid")
        if any(not isinstance(variable[key], bool) for key in ("masked", "raw", "protected")):
            raise invalid("masked", "is no boolean")

    def shown(self, variable):
        shown = {key: value for key, value in variable.items() if key != "holder"}
        if variable["hidden"]:
            shown["value"] = None
        return shown


run(GitLab)
