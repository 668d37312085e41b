-- as_of_article: one row per statement of the founding article, from the day of its rates on, as the release reads it. Reads known_article.
-- What became of a statement came later, and is not said.
select article.* replace (case when least(article.checked_on, getvariable('known_on')) <= getvariable('as_of') then article.later end as later)
from known_article as article
where (select max(rate_on) from known_article) <= getvariable('as_of')
