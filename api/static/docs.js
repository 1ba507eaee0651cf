"use strict";

const place = document.getElementById("docs");

SwaggerUIBundle({
  url: place.dataset.document,
  domNode: place,
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  // The validator is a service of somebody else's.
  validatorUrl: null,
});
