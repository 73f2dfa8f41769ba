"""Makes a bucket with objects, and a user whose signature is checked from then on; prints the user's keys.

usage: moto_fill.py ENDPOINT FOLDER     every file of FOLDER becomes an object of the bucket `exports`
"""
import json
import os
import sys
import urllib.request

import boto3

endpoint, folder = sys.argv[1:3]
known = dict(endpoint_url=endpoint, region_name="eu-central-1", aws_access_key_id="x", aws_secret_access_key="x")
s3 = boto3.client("s3", **known)
s3.create_bucket(Bucket="exports", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
for root, _, names in os.walk(folder):
    for name in names:
        path = os.path.join(root, name)
        s3.upload_file(path, "exports", os.path.relpath(path, folder), ExtraArgs={"ContentType": "text/csv"})
iam = boto3.client("iam", **known)
iam.create_user(UserName="reports")
policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
iam.put_user_policy(UserName="reports", PolicyName="read", PolicyDocument=json.dumps(policy))
key = iam.create_access_key(UserName="reports")["AccessKey"]
urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
    urllib.request.Request(endpoint + "/moto-api/reset-auth", data=b"0", method="POST", headers={"Content-Type": "text/plain"}))
print(key["AccessKeyId"], key["SecretAccessKey"])
