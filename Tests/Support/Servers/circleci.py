"""Variables of CircleCI in memory on 127.0.0.1; prints its port. Ends when its input ends.

circleci.py ADMIN READER

ADMIN and READER are tokens; the second may do nothing but ask who it is. There are the project `gh/o/r` and the context
`11111111-2222-3333-4444-555555555555`. `GET /own/variables` has all that is kept. Lists have pages of 20.
"""
import re
import sys

from rest import Handler, Refusal, now, run

admin, reader = sys.argv[1:]
variables = {}
context = "11111111-2222-3333-4444-555555555555"


class CircleCI(Handler):
    def respond(self):
        if self.parts == ["own", "variables"]:
            return 200, {"/".join(key): one["value"] for key, one in variables.items()}
        token = self.headers.get("Circle-Token")
        if token not in (admin, reader):
            raise Refusal(401, {"message": "You must log in first."})
        parts = self.parts[2:]
        if self.parts[:2] != ["api", "v2"]:
            raise Refusal(404, {"message": "Not found"})
        if parts == ["me"]:
            return 200, {"id": "1", "login": "ann", "name": "Ann"}
        if token == reader:
            raise Refusal(403, {"message": "Permission denied"})
        if parts[:1] == ["project"] and parts[4:5] == ["envvar"]:
            if parts[1:4] != ["gh", "o", "r"]:
                raise Refusal(404, {"message": "Project not found"})
            return self.project(("gh/o/r",), parts[5:])
        if parts[:1] == ["context"] and parts[2:3] == ["environment-variable"]:
            if parts[1] != context:
                raise Refusal(404, {"message": "Context not found"})
            return self.context((context,), parts[3:])
        raise Refusal(404, {"message": "Not found"})

    def named(self, name):
        if not re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", name or ""):
            raise Refusal(400, {"message": "The name is invalid."})
        value = self.body.get("value")
        if not isinstance(value, str):
            raise Refusal(400, {"message": "The value is missing."})
        return value

    def project(self, holder, rest):
        def shown(name):
            one = variables[(*holder, name)]
            end = one["value"][-4:] if len(one["value"]) > 4 else ""
            return {"name": name, "value": "xxxx" + end, "created_at": one["created_at"]}
        if not rest and self.command == "POST":
            name, value = self.body.get("name"), self.named(self.body.get("name"))
            variables[(*holder, name)] = {"value": value, "created_at": now()}
            return 201, shown(name)
        return self.common(holder, rest, shown)

    def context(self, holder, rest):
        def shown(name):
            one = variables[(*holder, name)]
            end = one["value"][-4:] if len(one["value"]) > 4 else ""
            return {"variable": name, "truncated_value": end, "created_at": one["created_at"],
                    "updated_at": one["updated_at"], "context_id": context}
        if rest and self.command == "PUT":
            value, old = self.named(rest[0]), variables.get((*holder, rest[0]))
            variables[(*holder, rest[0])] = {
                "value": value, "created_at": old["created_at"] if old else now(), "updated_at": now()}
            return 200, shown(rest[0])
        if rest and self.command == "GET":
            raise Refusal(404, {"message": "Not found"})
        return self.common(holder, rest, shown)

    def common(self, holder, rest, shown):
        if not rest:
            names = sorted(key[-1] for key in variables if key[:-1] == holder)
            start = int(self.query.get("page-token", "0"))
            more = str(start + 20) if len(names) > start + 20 else None
            return 200, {"items": [shown(name) for name in names[start:start + 20]], "next_page_token": more}
        if (*holder, rest[0]) not in variables:
            raise Refusal(404, {"message": "Environment variable not found."})
        if self.command == "DELETE":
            del variables[(*holder, rest[0])]
            return 200, {"message": "Environment variable deleted."}
        return 200, shown(rest[0])


run(CircleCI)
