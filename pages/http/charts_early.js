{
  const send = WebSocket.prototype.send
  const load = () => import(new URL('LIBRARY', document.baseURI).href).catch(() => {})
  WebSocket.prototype.send = function (...message) {
    WebSocket.prototype.send = send
    setTimeout(load)
    return send.apply(this, message)
  }
}
