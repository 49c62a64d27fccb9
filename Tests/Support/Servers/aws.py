"""Secrets Manager, STS and IAM of AWS in memory on 127.0.0.1, which check signatures and policies; prints its port.
Ends when its input ends.

aws.py KEYS

KEYS gets an object with the access keys, as lists of identifier, secret and perhaps session token: `admin` may do
everything, `reader` may read values only, `nobody` may do nothing but become the role `carrier`, which may do
everything with secrets and wants the external identifier `a b&c`; `session` is lent to that role.
"""
import json
import logging
import os
import sys
import urllib.request

import boto3
from moto.secretsmanager.exceptions import ResourceNotFoundException
from moto.secretsmanager.models import SecretsManagerBackend
from moto.server import ThreadedMotoServer

value = SecretsManagerBackend.get_secret_value


def get_secret_value(self, secret_id, version_id, version_stage):
    """AWS tells a secret without a version of that stage from one that is not there, and moto does not."""
    if self._is_valid_identifier(secret_id) and not version_id:
        secret = self.secrets[secret_id]
        stages = [s for version in secret.versions.values() for s in version["version_stages"]]
        if not secret.is_deleted() and version_stage not in stages:
            raise ResourceNotFoundException(
                f"Secrets Manager can't find the specified secret value for staging label: {version_stage}")
    return value(self, secret_id, version_id, version_stage)


SecretsManagerBackend.get_secret_value = get_secret_value
logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
port = server.get_host_and_port()[1]
address = f"http://127.0.0.1:{port}"


def client(service, key=("open", "open")):
    return boto3.client(
        service, endpoint_url=address, region_name="eu-central-1", aws_access_key_id=key[0],
        aws_secret_access_key=key[1])


def policy(*actions):
    return json.dumps({
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}],
    })


iam = client("iam")
keys = {}
for user, actions in [
    ("admin", ["secretsmanager:*", "sts:*"]), ("reader", ["secretsmanager:GetSecretValue"]),
    ("nobody", ["sts:AssumeRole"]),
]:
    iam.create_user(UserName=user)
    iam.put_user_policy(UserName=user, PolicyName="own", PolicyDocument=policy(*actions))
    key = iam.create_access_key(UserName=user)["AccessKey"]
    keys[user] = [key["AccessKeyId"], key["SecretAccessKey"]]
trust = json.dumps({
    "Version": "2012-10-17",
    "Statement": [{
        "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": "a b&c"}},
    }],
})
role = iam.create_role(RoleName="carrier", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
iam.put_role_policy(
    RoleName="carrier", PolicyName="own", PolicyDocument=policy("secretsmanager:*"))
lent = client("sts", keys["admin"]).assume_role(
    RoleArn=role, RoleSessionName="lent", ExternalId="a b&c")
keys["session"] = [
    lent["Credentials"][part] for part in ("AccessKeyId", "SecretAccessKey", "SessionToken")
]
with open(sys.argv[1], "w") as file:
    json.dump({"role": role, **keys}, file)
# From now on every request is checked.
urllib.request.urlopen(urllib.request.Request(
    address + "/moto-api/reset-auth", data=b"0", headers={"Content-Type": "text/plain"}))
print(port, flush=True)
sys.stdin.read()
os._exit(0)
