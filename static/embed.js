// The page of an embed: draws the figure for the width that it has and tells the page around it how high it is.
const data = JSON.parse(document.getElementById('figure').textContent)
const place = document.getElementById('drawing')
let shown = ''

function tell() {
  const height = Math.ceil(document.querySelector('main').getBoundingClientRect().height)
  parent.postMessage({ euAiHeight: height, figure: data.name }, '*')
}

function draw() {
  const wanted = place.clientWidth >= 1040 ? 'wide' : 'narrow'
  if (wanted === shown) return
  shown = wanted
  const drawing = data[wanted]
  const config = { responsive: true, displayModeBar: false, scrollZoom: false, doubleClick: false, topojsonURL: '/app/static/topojson/' }
  place.style.height = drawing.layout.height + 'px'
  Plotly.react(place, drawing.data, { ...drawing.layout, autosize: true }, config).then(() => {
    document.documentElement.dataset.drawn = wanted
    tell()
  })
}

new ResizeObserver(() => { draw(); tell() }).observe(place)
document.fonts.ready.then(tell)
