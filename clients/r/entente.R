# Read Entente's HTTP API from R. Needs the packages httr2 and jsonlite (Debian: r-cran-httr2, r-cran-jsonlite).
#
#   source("entente.R")
#   here <- entente("http://127.0.0.1:8080")
#   entente_relation(here, "Jamaica", "Kosovo")$label
#   entente_history(here, "JAM", "XKX", facet = "recognition")
#   entente_relations(here, target = "Kosovo", facet = "recognition:recognised")
#   entente_events(here, source = "Jamaica", from = "2024-01-01")
#   entente_changes(here, after = 0)
#   entente_states(here, facet = "recognition")
#   entente_panel(here, from = "2024-01-01", source = "Jamaica", facets = "sanctions:in_force")
#
# Countries are named by a code of any scheme, or by name. Days are Dates or "YYYY-MM-DD". `as_of` is the day in the
# world that is asked about, `known_at` the day (or instant) up to which only what was recorded by then counts,
# `published_by` the day up to which only what was published counts (docs/clocks.md).
#
# Lists come as data frames, all pages of them. Columns are named by path: source_key, score_net,
# facets_recognition_value. Whole days are Dates, instants POSIXct in UTC. `date` and `valid_from` may be a month or a
# year, so they are text. Several values in one cell are separated by "; ".
#
# Where the API refuses, an `entente_problem` is signalled: conditionMessage() says why, $problem is the whole document
# with `errors` and `nearest`, $status the status code. Requests are tried five times where the server is busy.

# Describe a server. `key`: an API key with the scope `read`, where the server asks for one.
entente <- function(url = "http://127.0.0.1:8080", key = NULL, timeout = 30) {
  list(url = sub("/v1$", "", sub("/+$", "", url)), key = key, timeout = timeout)
}

# The relation of source to target, as a nested list: label, facets with their evidence, score with its parts.
entente_relation <- function(server, source, target, as_of = NULL, known_at = NULL, published_by = NULL) {
  asked <- list(as_of = as_of, known_at = known_at, published_by = published_by)
  .entente_get(server, .entente_path("relations", source, target), asked)
}

# Both directions of a pair, and the facets that they share, as a nested list.
entente_dyad <- function(server, a, b, as_of = NULL, known_at = NULL, published_by = NULL) {
  asked <- list(as_of = as_of, known_at = known_at, published_by = published_by)
  .entente_get(server, .entente_path("dyads", a, b), asked)
}

# Each value, or that of one facet, with its rule, events, quotes and articles, as a nested list.
entente_why <- function(server, source, target, facet = NULL, as_of = NULL, known_at = NULL, published_by = NULL) {
  asked <- list(facet = facet, as_of = as_of, known_at = known_at, published_by = published_by)
  .entente_get(server, .entente_path("relations", source, target, "why"), asked)
}

# What differs between two days, as a nested list; the second is today if left out.
entente_diff <- function(server, source, target, from, to = NULL, known_at = NULL, published_by = NULL) {
  asked <- list(from = from, to = to, known_at = known_at, published_by = published_by)
  .entente_get(server, .entente_path("relations", source, target, "diff"), asked)
}

# Counts of events and the score, a row each "day", "week", "month" or "year".
entente_series <- function(server, source, target, interval = "month", from = NULL, as_of = NULL, known_at = NULL,
                           published_by = NULL) {
  asked <- list(interval = interval, from = from, as_of = as_of, known_at = known_at, published_by = published_by)
  .entente_frame(.entente_get(server, .entente_path("relations", source, target, "series"), asked)$series)
}

# The intervals of every facet, or of one, a row each. `unconfirmed`: "include" (as by default), "exclude" or "only"
# values that are too uncertain to count.
entente_history <- function(server, source, target, facet = NULL, as_of = NULL, known_at = NULL,
                            unconfirmed = NULL, published_by = NULL) {
  asked <- list(
    facet = facet, as_of = as_of, known_at = known_at, published_by = published_by, unconfirmed = unconfirmed
  )
  .entente_list(server, .entente_path("relations", source, target, "history"), "intervals", asked)
}

# The relations that pass every filter, a row each: source, target, facet ("sanctions:in_force"), label, min_score,
# max_score, changed_since, change_unconfirmed, as_of, published_by, known_at (with a source or a target). A facet that is
# a set has one column with all its members, as in "asset_freeze: in_force; travel_ban: in_force".
entente_relations <- function(server, ...) {
  .entente_list(server, "/v1/relations", "relations", list(...))
}

# The events that pass every filter, a row each, newest first: source, target, act, root, cameo, quad, status, from, to,
# recorded_since, article, min_confidence, unconfirmed, q; known_at, published_by of one pair. Several values are a vector: act = c("recognise", "withdraw_recognition").
entente_events <- function(server, ...) {
  .entente_list(server, "/v1/events", "events", list(...))
}

# The articles that pass every filter, a row each, newest first, without their texts: source, publisher, status, from,
# to, url, q.
entente_articles <- function(server, ...) {
  .entente_list(server, "/v1/articles", "articles", list(...))
}

# The changes after a number, a row each, in order and without gaps. The last `seq` is the `after` of the next call.
# `unconfirmed`: as of a history; the numbers of those that are left out are missing.
entente_changes <- function(server, after = 0, unconfirmed = NULL) {
  rows <- list()
  repeat {
    asked <- list(after = after, unconfirmed = unconfirmed, limit = 1000)
    page <- .entente_get(server, "/v1/changes", asked)$changes
    if (length(page) == 0) {
      return(.entente_frame(rows))
    }
    rows <- c(rows, page)
    after <- page[[length(page)]]$seq
  }
}

# Every interval of every facet, a row each, by source and target: source, target, facet, as_of, known_at, published_by.
# The columns are those of docs/export.md.
entente_states <- function(server, ...) {
  .entente_table(server, "/v1/states", list(...))
}

# A balanced panel, a row each period and dyad or country, from the period of the day `from` on: to, unit ("dyad-month",
# "dyad-year" or "country-year"), source, target, directed, facets ("sanctions", "sanctions:in_force"), counted,
# min_confidence, unconfirmed, as_of, known_at, published_by. A count is 0 where articles of the period report nothing,
# and NA where none was read.
entente_panel <- function(server, from, ...) {
  .entente_table(server, "/v1/panels", list(from = from, ...))
}

# A country as a nested list; every entity as a data frame; an event with its mentions and an article with its events, by
# id; the codebook.
entente_country <- function(server, name) .entente_get(server, .entente_path("countries", name), list())
entente_countries <- function(server) .entente_frame(.entente_get(server, "/v1/countries", list())$countries)
entente_event <- function(server, id) .entente_get(server, .entente_path("events", id), list())
entente_article <- function(server, id) .entente_get(server, .entente_path("articles", id), list())
entente_codebook <- function(server) .entente_get(server, "/v1/codebook", list())

# The path of a resource, each part percent-encoded.
.entente_path <- function(...) {
  parts <- vapply(c(...), utils::URLencode, character(1), reserved = TRUE, USE.NAMES = FALSE)
  paste0("/v1/", paste(parts, collapse = "/"))
}

# All pages of a list. `next` is the path of the next page, which already has the filters.
.entente_list <- function(server, path, member, asked) {
  rows <- list()
  page <- .entente_get(server, path, asked)
  repeat {
    rows <- c(rows, page[[member]])
    if (is.null(page[["next"]])) {
      return(.entente_frame(rows))
    }
    page <- .entente_get(server, page[["next"]], list())
  }
}

# A table of any length, read as a stream and parsed in parts.
.entente_table <- function(server, path, asked) {
  answer <- .entente_ask(server, path, c(asked, format = "ndjson"))
  # A table without a row has no body, which httr2 takes for an error.
  lines <- rawConnection(tryCatch(httr2::resp_body_raw(answer), error = function(error) raw(0)))
  on.exit(close(lines))
  table <- jsonlite::stream_in(lines, verbose = FALSE, pagesize = 10000)
  days <- grepl("^(first_day|last_day|known_by|valid_(from|to)_(first|last))$", names(table))
  table[days] <- lapply(table[days], as.Date)
  table
}

# The content of an answer, as a nested list.
.entente_get <- function(server, path, asked) {
  httr2::resp_body_json(.entente_ask(server, path, asked), check_type = FALSE, simplifyVector = FALSE)
}

# The answer to a request. Signals an entente_problem where the API refuses.
.entente_ask <- function(server, path, asked) {
  asked <- lapply(Filter(Negate(is.null), asked), .entente_spelt)
  request <- httr2::request(paste0(server$url, path))
  request <- do.call(httr2::req_url_query, c(list(request), asked))
  request <- httr2::req_user_agent(request, "entente.R")
  request <- httr2::req_timeout(request, server$timeout)
  request <- httr2::req_retry(
    request,
    max_tries = 5,
    is_transient = function(answer) httr2::resp_status(answer) %in% c(429, 502, 503, 504)
  )
  # Refusals are signalled below, with the problem document.
  request <- httr2::req_error(request, is_error = function(answer) FALSE)
  # Sys.getenv() of a variable that is not set is "".
  if (!is.null(server$key) && nzchar(server$key)) {
    request <- httr2::req_auth_bearer_token(request, server$key)
  }
  answer <- httr2::req_perform(request)
  status <- httr2::resp_status(answer)
  if (status >= 400) {
    content <- tryCatch(
      httr2::resp_body_json(answer, check_type = FALSE, simplifyVector = FALSE),
      error = function(error) NULL
    )
    if (!is.list(content) || is.null(content$detail)) {
      content <- list(detail = paste(server$url, "answered", status, "without a problem document"))
    }
    stop(structure(
      list(message = content$detail, call = NULL, problem = content, status = status),
      class = c("entente_problem", "error", "condition")
    ))
  }
  answer
}

# A value of a query parameter as the API spells it.
.entente_spelt <- function(value) {
  text <- if (is.logical(value)) {
    tolower(as.character(value))
  } else if (inherits(value, "POSIXt")) {
    format(value, "%Y-%m-%dT%H:%M:%SZ", tz = "UTC")
  } else if (is.numeric(value) && !is.object(value)) {
    # as.character() would spell 100000 as 1e+05.
    vapply(value, format, "", scientific = FALSE, digits = 15)
  } else {
    as.character(value)
  }
  paste(text, collapse = ",")
}

# A data frame with a row for each answer.
.entente_frame <- function(rows) {
  flat <- lapply(rows, .entente_flat)
  columns <- unique(unlist(lapply(flat, names)))
  cells <- lapply(columns, function(column) {
    .entente_typed(column, unlist(lapply(flat, function(row) if (is.null(row[[column]])) NA else row[[column]])))
  })
  names(cells) <- columns
  as.data.frame(cells, stringsAsFactors = FALSE, optional = TRUE)
}

# One answer as a list of single values, nested members named by path.
.entente_flat <- function(row, prefix = "") {
  cells <- list()
  for (name in names(row)) {
    value <- row[[name]]
    path <- paste0(prefix, name)
    if (is.list(value) && !is.null(names(value))) {
      cells <- c(cells, .entente_flat(value, paste0(path, "_")))
    } else if (is.list(value)) {
      cells[[path]] <- paste(vapply(value, .entente_text, ""), collapse = "; ")
    } else {
      cells[[path]] <- if (is.null(value)) NA else value
    }
  }
  cells
}

# A member of a list as text: of a facet that is a set, the item with its value.
.entente_text <- function(member) {
  if (!is.list(member)) {
    return(as.character(member))
  }
  paste0(if (is.null(member$item)) "" else paste0(member$item, ": "), member$value)
}

# A column as Dates or instants, by its name. Days of which some are a month or a year stay text.
.entente_typed <- function(column, values) {
  days <- c(
    "as_of", "change_unconfirmed", "effective_on", "known_by", "last_change", "published_on", "until", "valid_to"
  )
  instants <- c("known_at", "published_at", "received_at", "recorded_at")
  # The days of a bucket; other columns end with these names too.
  if (column %in% c("from", "to")) {
    return(as.Date(values))
  }
  ends <- function(names) any(vapply(names, function(name) grepl(paste0("(^|_)", name, "$"), column), logical(1)))
  if (ends(days) && all(is.na(values) | grepl("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", values))) {
    as.Date(values)
  } else if (ends(instants)) {
    as.POSIXct(values, format = "%Y-%m-%dT%H:%M:%OSZ", tz = "UTC")
  } else {
    values
  }
}
