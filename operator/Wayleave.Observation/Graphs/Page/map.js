"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const states = ["declared", "undeclared", "unseen", "unanswered"];
  const stateNames = ["declared", "undeclared", "never seen", "unanswered or refused"];
  const shortNames = ["declared", "undeclared", "never seen", "unanswered"];
  const urgency = [1, 3, 2, 0]; // Of several states, the first of these is drawn.
  const maxNodes = data.maxNodes;
  const maxLines = 300;
  const manyLines = 100; // With more, a line shows its label only while one of its ends is chosen.
  const readable = 0.5;
  const maxRows = 500;
  const maxOutside = 40;
  const nodes = data.nodes.map(([kind, namespace, name], index) =>
    ({ index, kind, namespace, name, id: namespace ? `${name}.${namespace}` : name, outside: kind === 2 }));
  const edges = data.edges.map(([from, to, state, ports, label, infrastructure, first, last, connections]) =>
    ({ from: nodes[from], to: nodes[to], state, ports, label, infrastructure, first, last, connections }));
  const byId = id => document.getElementById(id);
  const shown = new Set(states.keys());
  let infrastructure = data.infrastructure;
  let trail = [{ level: "all" }];
  let scale = 1;
  let size = null;

  const svg = (name, attributes, ...children) => fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
  const html = (name, attributes, ...children) => fill(document.createElement(name), attributes, children);
  function fill(element, attributes, children) {
    for (const [key, value] of Object.entries(attributes ?? {})) {
      element.setAttribute(key, value);
    }

    element.append(...children);
    return element;
  }

  // ---- What a view has ----

  const visible = () => edges.filter(edge => shown.has(edge.state) && (infrastructure || !edge.infrastructure));
  const plural = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;
  const shorten = (text, length) => text.length > length ? `${text.slice(0, length - 1)}…` : text;

  function single(node, home) {
    const slash = node.kind === 2 ? -1 : node.name.indexOf("/");
    const kind = slash < 0 ? "" : node.name.slice(0, slash);
    const place = node.outside || node.namespace === home ? "" : `in ${node.namespace}`;
    return {
      key: `n${node.index}`, label: slash < 0 ? node.name : node.name.slice(slash + 1),
      sub: [kind, place].filter(Boolean).join(" ") || (node.outside ? "outside" : ""), title: node.id,
      kind: ["", "service", "outside"][node.kind], open: { level: "workload", index: node.index },
    };
  }

  function group(node) {
    return node.outside
      ? { key: "outside", label: "Outside the cluster", sub: "", title: "Domains and addresses outside the cluster", kind: "outside", open: { level: "outside" } }
      : { key: `s${node.namespace}`, label: node.namespace, sub: "namespace", title: `Namespace ${node.namespace}`, kind: "", open: { level: "namespace", name: node.namespace } };
  }

  function around(index, depth, list) {
    const found = new Set([nodes[index]]);
    for (let step = 0; step < depth; step++) {
      const before = new Set(found);
      for (const edge of list) {
        if (before.has(edge.from)) { found.add(edge.to); }
        if (before.has(edge.to)) { found.add(edge.from); }
      }
    }

    return found;
  }

  function select(view, text) {
    let list = visible();
    let show = node => single(node, null);
    if (view.level === "namespace") {
      list = list.filter(edge => edge.from.namespace === view.name || edge.to.namespace === view.name);
      const outside = new Set(list.map(edge => edge.to).filter(node => node.outside)).size;
      show = node => node.namespace === view.name || text || (node.outside && outside <= maxOutside) ? single(node, view.name) : group(node);
    } else if (view.level === "outside") {
      list = list.filter(edge => edge.to.outside);
      show = node => node.outside || text ? single(node, null) : group(node);
    } else if (view.level === "workload") {
      const near = around(view.index, depth(), list);
      list = list.filter(edge => near.has(edge.from) && near.has(edge.to));
    } else if (!text) {
      show = group;
    }

    if (text) {
      const matches = node => node.id.toLowerCase().includes(text);
      list = list.filter(edge => matches(edge.from) || matches(edge.to));
    }

    return { list, show };
  }

  function collect({ list, show }) {
    const found = new Map();
    const lines = new Map();
    const add = node => {
      const item = show(node);
      if (!found.has(item.key)) { found.set(item.key, { ...item, own: 0, members: new Set() }); }
      found.get(item.key).members.add(node);
      return found.get(item.key);
    };
    for (const edge of list) {
      const from = add(edge.from);
      const to = add(edge.to);
      if (from === to) { from.own++; continue; }
      const isGroup = from.key[0] !== "n" || to.key[0] !== "n";
      const key = JSON.stringify([from.key, to.key, isGroup ? -1 : edge.state]);
      if (!lines.has(key)) { lines.set(key, { from, to, isGroup, state: edge.state, calls: [] }); }
      const line = lines.get(key);
      line.calls.push(edge);
      line.state = urgency.find(state => state === edge.state || state === line.state);
    }

    return { items: [...found.values()], lines: [...lines.values()], list };
  }

  function labelOf(line) {
    const [call] = line.calls;
    return line.isGroup
      ? shortNames.map((name, state) => [line.calls.filter(one => one.state === state).length, name])
        .filter(([count]) => count > 0).map(([count, name]) => `${count} ${name}`).join(", ")
      : [shorten(call.ports, 24), call.label].filter(Boolean).join(" ");
  }

  function subOf(item) {
    const isGroup = item.key[0] !== "n";
    const size = isGroup && item.key !== "outside" ? plural(item.members.size, "workload") : isGroup ? plural(item.members.size, "target") : item.sub;
    const own = item.own === 0 ? "" : isGroup ? `${plural(item.own, "call")} inside` : "calls itself";
    return [size, own].filter(Boolean).join(", ");
  }

  // ---- Drawing ----

  const canvas = document.createElement("canvas").getContext("2d");
  function width(text, font) {
    canvas.font = `${font}px system-ui, sans-serif`;
    return canvas.measureText(text).width;
  }

  function layOut(content) {
    const graph = new dagre.graphlib.Graph({ multigraph: true });
    graph.setGraph({
      rankdir: "LR", nodesep: 18, ranksep: 60, edgesep: 12, marginx: 16, marginy: 16, acyclicer: "greedy",
      ranker: content.lines.length > manyLines ? "longest-path" : "network-simplex",
    });
    graph.setDefaultEdgeLabel(() => ({}));
    for (const item of content.items) {
      item.text = shorten(item.label, 40);
      item.small = shorten(subOf(item), 48);
      graph.setNode(item.key, { width: Math.max(70, width(item.text, 13) + 26, width(item.small, 11) + 26), height: item.small ? 42 : 30 });
    }

    content.lines.forEach((line, number) => {
      line.text = labelOf(line);
      const room = content.lines.length > manyLines ? {} : { width: width(line.text, 11) + 8, height: 14, labelpos: "c" };
      graph.setEdge(line.from.key, line.to.key, room, String(number));
    });
    dagre.layout(graph);
    return graph;
  }

  function path(points) {
    let text = `M${points[0].x},${points[0].y}`;
    for (let i = 1; i < points.length - 1; i++) {
      const end = i === points.length - 2 ? points[i + 1] : { x: (points[i].x + points[i + 1].x) / 2, y: (points[i].y + points[i + 1].y) / 2 };
      text += `Q${points[i].x},${points[i].y} ${end.x},${end.y}`;
    }

    return points.length === 2 ? `${text}L${points[1].x},${points[1].y}` : text;
  }

  const heads = ["M1,1L9,5L1,9", "M1,1L9,5L1,9", "M1,1L9,5L1,9", "M1,1L9,9M1,9L9,1"];
  const markers = prefix => svg("defs", null, ...states.map((state, index) => svg(
    "marker", { id: `${prefix}-${state}`, class: state, viewBox: "0 0 10 10", refX: 9, refY: 5, markerWidth: 9, markerHeight: 9, markerUnits: "userSpaceOnUse", orient: "auto" },
    svg("path", { d: heads[index] }))));

  function drawNode(item, at, view) {
    const isCenter = view.level === "workload" && item.open?.index === view.index && item.key[0] === "n";
    const element = svg("g", {
      class: `node ${item.kind}${isCenter ? " center plain" : ""}`, transform: `translate(${at.x},${at.y})`,
      tabindex: 0, role: isCenter ? "img" : "button", "aria-label": `${item.title}, ${subOf(item)}`,
    });
    element.append(
      svg("title", null, item.title),
      svg("rect", { x: -at.width / 2, y: -at.height / 2, width: at.width, height: at.height, rx: item.kind === "outside" ? 15 : 4 }),
      svg("text", { y: item.small ? -2 : 4 }, item.text));
    if (item.small) { element.append(svg("text", { class: "sub", y: 13 }, item.small)); }
    const open = () => { if (!isCenter) { go(item.open); } };
    element.addEventListener("click", open);
    element.addEventListener("keydown", event => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        open();
      }
    });
    return element;
  }

  function draw(content, view) {
    const graph = layOut(content);
    size = { width: Math.max(1, graph.graph().width), height: Math.max(1, graph.graph().height) };
    const isDense = content.lines.length > manyLines;
    const picture = svg("svg", {
      viewBox: `0 0 ${size.width} ${size.height}`, role: "group", "aria-label": "Graph of calls", class: isDense ? "dense" : "",
    }, markers("arrow"));
    const parts = [];
    content.lines.forEach((line, number) => {
      const at = graph.edge(line.from.key, line.to.key, String(number));
      const curve = svg("path", { class: `edge ${states[line.state]}`, d: path(at.points), "marker-end": `url(#arrow-${states[line.state]})` },
        svg("title", null, `${line.from.title} to ${line.to.title}: ${line.text}`));
      const middle = at.x === undefined ? at.points[Math.floor(at.points.length / 2)] : at;
      const label = svg("text", { class: `label ${states[line.state]}`, x: middle.x, y: middle.y + 4 }, line.text);
      picture.append(curve);
      parts.push({ line, label, elements: [curve, label] });
    });
    picture.append(...parts.map(part => part.label));
    for (const item of content.items) {
      const element = drawNode(item, graph.node(item.key), view);
      const choose = on => parts.forEach(part => part.elements.forEach(one => {
        const isOwn = part.line.from === item || part.line.to === item;
        one.classList.toggle("faded", on && !isOwn);
        one.classList.toggle("chosen", on && isOwn);
      }));
      element.addEventListener("mouseenter", () => choose(true));
      element.addEventListener("mouseleave", () => choose(false));
      element.addEventListener("focus", () => choose(element.matches(":focus-visible")));
      element.addEventListener("blur", () => choose(false));

      picture.append(element);
    }

    byId("graph").replaceChildren(picture);
    zoom(Math.max(readable, scaleToFit()));
  }

  function zoom(to) {
    scale = Math.min(4, Math.max(0.05, to));
    const picture = byId("graph").querySelector("svg");
    if (picture && size) {
      picture.setAttribute("width", size.width * scale);
      picture.setAttribute("height", size.height * scale);
    }
  }

  function scaleToFit() {
    const box = byId("graph").getBoundingClientRect();
    return size ? Math.min(1, (box.width - 4) / size.width) : 1;
  }

  // ---- The page around the graph ----

  function drawList({ items, list }) {
    const counts = new Map(items.map(item => [item, [0, 0, 0, 0]]));
    const owners = new Map(items.flatMap(item => [...item.members].map(node => [node, item])));
    for (const edge of list) {
      counts.get(owners.get(edge.from))[edge.state]++;
    }

    const sorted = [...items].sort((one, other) => one.title < other.title ? -1 : 1);
    byId("graph").replaceChildren(html("ul", { id: "list" }, ...sorted.map(item => {
      const calls = counts.get(item).map((count, state) => count > 0 ? `${count} ${shortNames[state]}` : "").filter(Boolean).join(", ");
      return html("li", null, link(item.title, item.open), html("div", null, calls ? `calls: ${calls}` : "calls nothing"));
    })));
    size = null;
  }

  function link(text, view) {
    const button = html("button", { type: "button" }, text);
    button.addEventListener("click", () => go(view));
    return button;
  }

  function drawCalls(list) {
    const rows = list.slice(0, maxRows).map(edge => html(
      "tr", null,
      html("td", null, link(edge.from.id, { level: "workload", index: edge.from.index })),
      html("td", null, link(edge.to.id, { level: "workload", index: edge.to.index })),
      html("td", null, edge.ports),
      html("td", { class: `state ${states[edge.state]}` }, edge.label + (edge.infrastructure ? ", infrastructure" : "")),
      html("td", null, edge.first), html("td", null, edge.last), html("td", null, edge.connections)));
    byId("calls").tBodies[0].replaceChildren(...rows);
    byId("calls-title").textContent = list.length > maxRows ? `Calls of this view (the first ${maxRows} of ${list.length})` : `Calls of this view (${list.length})`;
  }

  const nameOf = view => view.level === "all" ? "All namespaces" : view.level === "namespace" ? view.name
    : view.level === "outside" ? "Outside the cluster" : nodes[view.index].id;

  function drawPath() {
    const items = trail.flatMap((view, place) => {
      const button = link(nameOf(view), view);
      if (place === trail.length - 1) {
        button.disabled = true;
        button.setAttribute("aria-current", "page");
      }

      return place === 0 ? [button] : [html("span", { "aria-hidden": "true" }, "›"), button];
    });
    byId("path").replaceChildren(...items);
    byId("steps").hidden = trail.at(-1).level !== "workload";
  }

  function drawLegend() {
    const legend = byId("legend");
    states.forEach((state, index) => {
      const box = html("input", { type: "checkbox", id: `show-${state}` });
      box.checked = shown.has(index);
      box.addEventListener("change", () => { shown[box.checked ? "add" : "delete"](index); update(); });
      const count = edges.filter(edge => edge.state === index).length;
      legend.append(html("label", null, box, svg("svg", { viewBox: "0 0 46 14", "aria-hidden": "true" }, index === 0 ? markers("key") : "",
        svg("path", { class: `edge ${state}`, d: "M1,7L42,7", "marker-end": `url(#key-${state})` })), `${stateNames[index]} (${count})`));
    });
    const count = edges.filter(edge => edge.infrastructure).length;
    const box = html("input", { type: "checkbox", id: "show-infrastructure" });
    box.checked = infrastructure;
    box.addEventListener("change", () => { infrastructure = box.checked; update(); });
    legend.append(html("label", null, box, `infrastructure (${count})`));
  }

  const depth = () => Number(byId("depth").value);

  function update() {
    const view = trail.at(-1);
    const content = collect(select(view, byId("filter").value.trim().toLowerCase()));
    drawPath();
    drawCalls(content.list);
    let message = "";
    if (content.items.length === 0) {
      byId("graph").replaceChildren();
      message = edges.length === 0 ? "The map is empty." : "No call matches. Clear the filter, or show more kinds of calls.";
    } else if (content.items.length > maxNodes) {
      drawList(content);
      message = `${content.items.length} nodes are too many to draw (more than ${maxNodes}). Type a part of a name into the filter, or choose one of the list.`;
    } else if (content.lines.length > maxLines) {
      drawList(content);
      message = `${content.lines.length} lines are too many to draw (more than ${maxLines}). Type a part of a name into the filter, or choose one of the list.`;
    } else {
      draw(content, view);
    }

    byId("message").textContent = message;
  }

  function go(view) {
    const known = trail.findIndex(one => JSON.stringify(one) === JSON.stringify(view));
    trail = known >= 0 ? trail.slice(0, known + 1) : [...trail, view];
    byId("filter").value = "";
    update();
    byId("graph").querySelector("[tabindex]")?.focus({ preventScroll: true });
  }

  function leave() {
    if (byId("filter").value) {
      byId("filter").value = "";
      update();
    } else if (trail.length > 1) {
      go(trail.at(-2));
    }
  }

  let waiting = 0;
  byId("filter").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(update, 200); });
  byId("depth").addEventListener("change", update);
  byId("smaller").addEventListener("click", () => zoom(scale / 1.25));
  byId("larger").addEventListener("click", () => zoom(scale * 1.25));
  byId("fit").addEventListener("click", () => zoom(scaleToFit()));
  document.addEventListener("keydown", event => { if (event.key === "Escape") { leave(); } });

  byId("scope").textContent = `${data.scope}. ${plural(nodes.filter(node => node.kind === 0).length, "workload")}, ${plural(edges.length, "call")}. Made ${data.made}.`;
  drawLegend();
  if (data.around !== null) {
    byId("depth").value = String(Math.min(4, data.depth));
    trail.push({ level: "workload", index: data.around });
  }

  update();
})();
