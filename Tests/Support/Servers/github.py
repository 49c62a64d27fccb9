"""Secrets of GitHub in memory on 127.0.0.1; prints its port. Ends when its input ends.

github.py ADMIN READER

ADMIN and READER are tokens; the second may see repositories, and no secrets. There are the repositories `o/r` and
`o/other`, the environments `prod` and `a/b c` of the first, and the organisation `org`. Values come in sealed boxes
and are opened. The test's own questions: `GET /own/value?path=...` has the value that is kept there, `POST /own/turn`
gives all places new keys, `POST /own/selected` lets only two repositories see a secret of an organisation.
"""
import base64
import re
import sys

from nacl.public import PrivateKey, SealedBox
from rest import Handler, Refusal, now, run

admin, reader = sys.argv[1:]
keys, secrets, turns = {}, {}, 0
MISSING = Refusal(404, {"message": "Not Found", "status": "404"})


class GitHub(Handler):
    def respond(self):
        global turns
        if self.parts[0] == "own":
            if self.parts[1] == "turn":
                turns += 1
                keys.clear()
            elif self.parts[1] == "selected":
                secrets[self.body["path"]] |= {"visibility": "selected", "selected": [7, 9]}
            else:
                secret = secrets.get(self.query["path"])
                return 200, secret and {**secret, "value": base64.b64encode(secret["value"]).decode()}
            return 204, None
        if not self.headers.get("User-Agent"):
            raise Refusal(403, {"message": "Request forbidden by administrative rules."})
        token = self.headers.get("Authorization", "")
        if token not in (f"Bearer {admin}", f"Bearer {reader}", f"token {admin}"):
            raise Refusal(401, {"message": "Bad credentials", "status": "401"})
        if self.parts == ["rate_limit"]:
            return 200, {"resources": {}}
        parts = self.parts
        if parts[0] == "repos":
            holder, rest = parts[1:3], parts[3:]
            if holder not in (["o", "r"], ["o", "other"]):
                raise MISSING
            if not rest:
                return 200, {"id": 1, "name": holder[1], "full_name": "/".join(holder), "url": "/repos/o/r"}
            if rest[0] == "environments":
                if rest[1] not in ("prod", "a/b c") or holder[1] != "r" or rest[2:3] != ["secrets"]:
                    raise MISSING
                place, rest = parts[:6], rest[3:]
            elif rest[0] in ("actions", "dependabot", "codespaces") and rest[1:2] == ["secrets"]:
                place, rest = parts[:5], rest[2:]
            else:
                raise MISSING
        elif parts[:2] == ["orgs", "org"]:
            if len(parts) == 2:
                return 200, {"id": 2, "login": "org", "url": "/orgs/org"}
            if parts[2] not in ("actions", "dependabot") or parts[3:4] != ["secrets"]:
                raise MISSING
            place, rest = parts[:4], parts[4:]
        else:
            raise MISSING
        if token == f"Bearer {reader}":
            raise Refusal(403, {"message": "Resource not accessible by personal access token", "status": "403"})
        return self.secret(tuple(place), rest)

    def secret(self, place, rest):
        key = keys.setdefault(place, (f"{turns}{len(keys)}12345678901234567", PrivateKey.generate()))
        if rest == ["public-key"]:
            return 200, {"key_id": key[0], "key": base64.b64encode(bytes(key[1].public_key)).decode()}
        if not rest:
            found = [self.shown(path) for path in sorted(secrets) if path.rpartition("/")[0] == "/".join(place)]
            return 200, {"total_count": len(found), "secrets": self.page(found)}
        path = "/".join([*place, rest[0].upper()])
        if self.command == "PUT" and len(rest) == 1:
            return self.put(place, path, rest[0], key)
        if path not in secrets:
            raise MISSING
        if rest[1:] == ["repositories"]:
            ids = secrets[path]["selected"]
            return 200, {"total_count": len(ids), "repositories": self.page([{"id": one} for one in ids])}
        if self.command == "DELETE":
            del secrets[path]
            return 204, None
        return 200, self.shown(path)

    def put(self, place, path, name, key):
        def invalid(message):
            return Refusal(422, {"message": message, "status": "422"})
        if not re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", name) or name.upper().startswith("GITHUB_"):
            raise invalid("Secret names can only contain alphanumeric characters")
        if self.body.get("key_id") != key[0]:
            raise invalid("Bad request - key_id does not match")
        try:
            box = base64.b64decode(self.body["encrypted_value"], validate=True)
            value = SealedBox(key[1]).decrypt(box)
        except Exception:
            raise invalid("Bad request - encrypted_value cannot be opened") from None
        if len(value) > 48 << 10:
            raise invalid("Secret value is too large")
        old = secrets.get(path)
        secret = {"value": value, "created_at": old["created_at"] if old else now(), "updated_at": now()}
        if place[0] == "orgs":
            visibility, kind = self.body.get("visibility"), str if place[2] == "dependabot" else int
            ids = self.body.get("selected_repository_ids", [])
            if visibility not in ("all", "private", "selected"):
                raise invalid("visibility is missing")
            if not all(isinstance(one, kind) for one in ids) or (ids and visibility != "selected"):
                raise invalid("selected_repository_ids are wrong")
            secret |= {"visibility": visibility, "selected": [int(one) for one in ids]}
        secrets[path] = secret
        return (204, None) if old else (201, {})

    def shown(self, path):
        secret = secrets[path]
        more = {"visibility": secret["visibility"]} if "visibility" in secret else {}
        return {"name": path.rpartition("/")[2], "created_at": secret["created_at"],
                "updated_at": secret["updated_at"], **more}


run(GitHub)
