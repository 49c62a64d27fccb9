"""Azure's tokens and a Key Vault in memory on 127.0.0.1; prints its port. Ends when its input ends.

azure.py SECRET

The application `11111111-2222-3333-4444-555555555555` of the tenant `tenant` has the secret SECRET, or comes with the
assertion `vouched-for`; the application `reader` with the same secret may list secrets and nothing else. What is
deleted can be recovered, which takes two looks. What runs on its machine gets tokens from `/msi/token` with the header
`shown`, and from `/metadata/identity/oauth2/token`. `GET /own/secrets` has all that is kept.
"""
import sys
from urllib.parse import parse_qs

from rest import Handler, Refusal, run

secret = sys.argv[1]
application = "11111111-2222-3333-4444-555555555555"
secrets, deleted, coming = {}, {}, {}
tokens = {"access-of-the-tests": application, "access-of-a-reader": "reader"}
count = 0


def refused(status, code, message, inner=None):
    error = {"code": code, "message": message}
    if inner:
        error["innererror"] = {"code": inner}
    return Refusal(status, {"error": error})


class Azure(Handler):
    def parse(self, raw):
        return parse_qs(raw.decode()) if self.path.endswith("/token") else super().parse(raw)

    def respond(self):
        if self.parts == ["own", "secrets"]:
            return 200, {name: versions[-1]["value"] for name, versions in secrets.items()}
        if self.parts[1:] == ["oauth2", "v2.0", "token"]:
            return self.token()
        if self.parts in (["msi", "token"], ["metadata", "identity", "oauth2", "token"]):
            return self.managed()
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in tokens:
            self.more = {"WWW-Authenticate": f'Bearer authorization="http://{self.headers["Host"]}/tenant", '
                         'resource="https://vault.azure.net"'}
            raise refused(401, "Unauthorized", "AKV10000: Request is missing a Bearer or PoP token.")
        if "api-version" not in self.query:
            raise refused(400, "BadParameter", "api-version must be specified")
        if self.parts == ["secrets"]:
            names = sorted(secrets)
            start, size = int(self.query.get("$skiptoken", "0")), min(int(self.query.get("maxresults", "25")), 25)
            link = f"http://{self.headers['Host']}/secrets?api-version=7.4&$skiptoken={start + size}&maxresults={size}"
            return 200, {"value": [{"id": f"https://v/secrets/{name}"} for name in names[start:start + size]],
                         "nextLink": link if start + size < len(names) else None}
        if tokens[token] == "reader":
            raise refused(403, "Forbidden", "Caller is not authorized to perform action", "ForbiddenByRbac")
        name = self.parts[1].lower()
        if self.parts[0] == "deletedsecrets":
            if name not in deleted:
                raise refused(404, "SecretNotFound", f"Deleted Secret not found: {name}")
            coming[name] = [2, deleted.pop(name)]
            return 200, {"id": f"https://v/secrets/{name}"}
        if self.parts[0] != "secrets":
            raise refused(404, "NotFound", "no such thing")
        return self.secret(name)

    def token(self):
        form = {key: values[0] for key, values in self.body.items()}
        client = form.get("client_id")
        assertion = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        vouched = form.get("client_assertion_type") == assertion and form.get("client_assertion") == "vouched-for"
        known = client in (application, "reader") and (form.get("client_secret") == secret or vouched)
        if self.parts[0] != "tenant" or not known:
            raise Refusal(401, {"error": "invalid_client",
                                "error_description": "AADSTS7000215: Invalid client secret provided."})
        if form.get("scope") != "https://vault.azure.net/.default" or form.get("grant_type") != "client_credentials":
            raise Refusal(400, {"error": "invalid_scope", "error_description": "AADSTS70011: scope"})
        token = "access-of-a-reader" if client == "reader" else "access-of-the-tests"
        return 200, {"token_type": "Bearer", "expires_in": 3599, "access_token": token}

    def managed(self):
        version = "2019-08-01" if self.parts[0] == "msi" else "2018-02-01"
        header = ("X-IDENTITY-HEADER", "shown") if self.parts[0] == "msi" else ("Metadata", "true")
        if self.headers.get(header[0]) != header[1] or self.query.get("api-version") != version:
            raise Refusal(400, {"error": "invalid_request"})
        if self.query.get("resource") != "https://vault.azure.net":
            raise Refusal(400, {"error": "invalid_resource"})
        return 200, {"access_token": "access-of-the-tests", "token_type": "Bearer"}

    def secret(self, name):
        global count
        if name in coming and self.command == "GET":
            coming[name][0] -= 1
            if coming[name][0] <= 0:
                secrets[name] = coming.pop(name)[1]
        if self.command == "PUT":
            value = self.body.get("value")
            if not isinstance(value, str) or len(value.encode()) > 25 << 10:
                raise refused(400, "BadParameter", "the value is too long")
            if name in deleted or name in coming:
                raise refused(409, "Conflict", f"Secret {name} is currently in a deleted but recoverable state",
                              "ObjectIsDeletedButRecoverable")
            count += 1
            secrets.setdefault(name, []).append({"value": value, "version": f"{count:032x}"})
        elif name not in secrets:
            raise refused(404, "SecretNotFound", f"A secret with (name/id) {name} was not found in this key vault.")
        elif self.command == "DELETE":
            deleted[name] = secrets.pop(name)
            return 200, {"recoveryId": f"https://v/deletedsecrets/{name}"}
        newest = secrets[name][-1]
        return 200, {"value": newest["value"], "id": f"https://v/secrets/{name}/{newest['version']}",
                     "attributes": {"enabled": True}}


run(Azure)
