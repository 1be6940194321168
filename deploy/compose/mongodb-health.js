// Exits with 0 once this member accepts writes. Initiates the replica set if necessary.
// The temporary server on which the image's entry point creates the users also accepts writes, but has no set name.
const admin = db.getSiblingDB("admin");
admin.auth("root", require("fs").readFileSync("/run/mongodb-secrets/root_password", "utf8").trim());
if (admin.hello().isreplicaset) {
  admin.runCommand({ replSetInitiate: { _id: "rs0", members: [{ _id: 0, host: "mongodb:27017" }] } });
}
const hello = admin.hello();
quit(hello.setName && hello.isWritablePrimary ? 0 : 1);
