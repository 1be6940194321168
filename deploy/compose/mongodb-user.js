// Creates FinBrain's user, who may only use its own database. The image's entry point runs this on an empty database.
const password = require("fs").readFileSync("/run/mongodb-secrets/finbrain_password", "utf8").trim();
db.getSiblingDB("finbrain").createUser({ user: "finbrain", pwd: password, roles: [{ role: "readWrite", db: "finbrain" }] });
