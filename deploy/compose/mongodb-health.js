// Exit code 0 when this member takes writes. Founds the replica set when there is none yet.
// The server that the image's entry point starts for a moment to make the users takes writes, too, but has no set name.
const admin = db.getSiblingDB("admin");
admin.auth("root", require("fs").readFileSync("/run/mongodb-secrets/root_password", "utf8").trim());
if (admin.hello().isreplicaset) {
  admin.runCommand({ replSetInitiate: { _id: "rs0", members: [{ _id: 0, host: "mongodb:27017" }] } });
}
const hello = admin.hello();
quit(hello.setName && hello.isWritablePrimary ? 0 : 1);
