"""Help: the pages of the user guide, for everybody."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from finbrain.help import guide


@require_safe
def show_page(request: HttpRequest, name: str = guide.INDEX) -> HttpResponse:
    pages = guide.pages()
    if name not in pages:
        raise Http404
    frame = "base.html" if request.user.is_authenticated else "base_public.html"
    context = {"frame": frame, "page": pages[name], "pages": pages.values(), "index": guide.INDEX}
    return render(request, "help/page.html", context)
