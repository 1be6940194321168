// Run once, on an empty database, by the image's entry point: the user that FinBrain is, allowed its own database only.
const password = require("fs").readFileSync("/run/mongodb-secrets/finbrain_password", "utf8").trim();
db.getSiblingDB("finbrain").createUser({ user: "finbrain", pwd: password, roles: [{ role: "readWrite", db: "finbrain" }] });
