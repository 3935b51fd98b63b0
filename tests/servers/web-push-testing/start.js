// Starts web-push-testing on loopback, prints its URL and stops when standard input ends.
// Its own starter listens on every interface and cannot say which port it was given.
const { PushApiModel } = require("web-push-testing/src/PushApiModel.js");
const WebPushTestingServer = require("web-push-testing/src/server.js");

const model = new PushApiModel();
const server = new WebPushTestingServer(model, 0);
const listen = server._app.listen.bind(server._app);
server._app.listen = (port) => {
  const listener = listen(port, "127.0.0.1", () => {
    const url = `http://127.0.0.1:${listener.address().port}`;
    model.notifyUrl = `${url}/notify/`;
    console.log(url);
  });
  return listener;
};
server.startServer();
process.stdin.on("end", () => process.exit(0)).resume();
